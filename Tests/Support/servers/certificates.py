"""Makes certificates for servers of this machine and prints them: of each its name in a line that
begins with `== `, then the certificate and its key (PEM); of the authority no key.
"""

import datetime
import ipaddress

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = datetime.datetime.now(datetime.timezone.utc)
DAY = datetime.timedelta(days=1)


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def certificate(subject, key, issuer, issuer_key, hosts, begin, end):
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + begin * DAY)
        .not_valid_after(NOW + end * DAY)
        .add_extension(x509.BasicConstraints(ca=hosts is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
    )
    if hosts is None:
        usage = x509.KeyUsage(
            digital_signature=True, content_commitment=False, key_encipherment=False,
            data_encipherment=False, key_agreement=False, key_cert_sign=True, crl_sign=True,
            encipher_only=False, decipher_only=False,
        )
        builder = builder.add_extension(usage, critical=True)
    else:
        builder = builder.add_extension(
            x509.SubjectAlternativeName(hosts), critical=False
        ).add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False
        )
    return builder.sign(issuer_key, hashes.SHA256())


def show(title, made, key=None):
    text = made.public_bytes(serialization.Encoding.PEM)
    if key is not None:
        text += key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    print(f"== {title}")
    print(text.decode(), end="")


def main():
    local = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority = "Authority of the tests"
    show(
        "authority",
        certificate(authority, authority_key, authority, authority_key, None, -400, 400),
    )
    for title, hosts, begin, end in [
        ("valid", local, -1, 100),
        ("otherHost", [x509.DNSName("other.example")], -1, 100),
        ("expired", local, -100, -10),
        ("notYet", local, 10, 100),
    ]:
        key = ec.generate_private_key(ec.SECP256R1())
        show(title, certificate(title, key, authority, authority_key, hosts, begin, end), key)
    key = ec.generate_private_key(ec.SECP256R1())
    show("selfSigned", certificate("selfSigned", key, "selfSigned", key, local, -1, 100), key)


main()
