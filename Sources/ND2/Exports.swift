// The few public types of the format layer (metadata trees, JSON, limits) are part of this module's
// vocabulary: a user imports ND2 only.
@_exported public import ND2Format
