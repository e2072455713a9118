import Testing

@testable import ND2

@Suite struct AcquisitionDateTests {
  @Test(
    "Tells the date of a Julian day number",
    arguments: [
      (2456827.080131852, "2014-06-18T13:55:23.392019+00:00"),
      (2440587.5, "1970-01-01T00:00:00+00:00"), (2440587.75, "1970-01-01T06:00:00+00:00"),
      (2415020.5, "1900-01-01T00:00:00+00:00"), (2440586.25, "1969-12-30T18:00:00+00:00"),
      (2451603.5, "2000-02-29T00:00:00+00:00"), (2488069.25, "2099-12-31T18:00:00+00:00"),
    ])
  func tellsTheDateOfAJulian(_ day: Double, _ expected: String) {
    #expect(AcquisitionDate(JulianDate(day: day))?.description == expected)
  }

  @Test(
    "Numbers that are no dates of microscopes give none",
    arguments: [
      -1, 0, 397.7, 1721424.5, 2415020.4, 2488069.5, .infinity, -.infinity, .nan, 1e300,
    ])
  func numbersThatAreNoDatesOf(_ day: Double) {
    #expect(AcquisitionDate(JulianDate(day: day)) == nil)
  }

  @Test("A Julian day is universal time and is kept") func aJulianDayIsUniversalTime() {
    let date = AcquisitionDate(JulianDate(day: 2440588.5))
    #expect(date?.zone == .utc)
    #expect(date?.secondsSince1970 == 86400)
    #expect(date?.julianDate?.day == 2440588.5)
    #expect(JulianDate(day: 2440587.5).advanced(byMilliseconds: 43_200_000).day == 2440588)
    #expect(JulianDate(day: 1) < JulianDate(day: 2))
  }

  @Test(
    "Reads a text when there is one way to read it",
    arguments: [
      ("18/06/2014  15:55:27", "2014-06-18T15:55:27"),
      ("9/28/2021  9:41:27 AM", "2021-09-28T09:41:27"),
      ("9/28/2021  12:41:27 AM", "2021-09-28T00:41:27"),
      ("9/28/2021  12:00:00 PM", "2021-09-28T12:00:00"),
      ("2021-09-28 21:41:27", "2021-09-28T21:41:27"),
      ("2013-03-17T07:18:07", "2013-03-17T07:18:07"), ("17-Mar-13  7:18:07", "2013-03-17T07:18:07"),
      ("5/5/2020", "2020-05-05T00:00:00"), ("28.09.2021 9:41", "2021-09-28T09:41:00"),
      ("March 17, 2013 1:02:03 pm", "2013-03-17T13:02:03"), ("29/02/2020", "2020-02-29T00:00:00"),
    ])
  func readsATextWhenThereIs(_ text: String, _ expected: String) {
    let date = AcquisitionDate(text: text)
    #expect(date?.description == expected)
    #expect(date?.zone == .local)
    #expect(date?.julianDate == nil)
  }

  @Test(
    "A text that can be read in two ways or none is no date",
    arguments: [
      "3/6/2014 10:00:00", "06/03/2014", "", "yesterday", "31/02/2020", "29/02/2021",
      "13/13/2020", "0/5/2020", "9/28/2021 25:00:00", "9/28/2021 13:00:00 PM",
      "9/28/2021 1:60:00", "9/28/3021", "1/2/3/4/5/6/7/8", "99999999999/1/2020",
      "9/28/2021 9:41:27 Uhr", "17-Brumaire-13", "9/28/2021 1:1:1 am pm", "\u{0}\u{FFFF}1/13/2020x",
    ])
  func aTextThatCanBeRead(_ text: String) {
    #expect(AcquisitionDate(text: text) == nil)
  }

  @Test("Days and dates fit each other") func daysAndDatesFitEachOther() {
    for day in stride(from: -25_567, to: 47_482, by: 13) {
      let date = CivilDate(daysSince1970: day)
      #expect(CivilDate.days(year: date.year, month: date.month, day: date.day) == day)
    }
  }
}
