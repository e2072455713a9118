import ND2
import Testing

@testable import ND2Export

@Suite("Regions drawn as labels")
struct RegionDrawingTests {
  private func area(_ shape: ROI.Shape, _ change: (inout ROI.AnimationParameters) -> Void) -> Int {
    var step = ROI.AnimationParameters()
    change(&step)
    var info = ROI.Info()
    info.shape = shape
    let region = ROI(id: 7, info: info, animationParameters: [step])
    let drawing = RegionDrawing(width: 100, height: 100, regions: [region])
    return drawing.image(atMs: 0)?.labels.count { $0 == 7 } ?? -1
  }

  @Test("Shapes have the area that they have on paper")
  func areas() {
    #expect(area(.rectangle) { $0.boxShape = .init(sizeX: 0.4, sizeY: 0.2) } == 200)
    let circle = area(.circle) { $0.boxShape = .init(sizeX: 1, sizeY: 1) }
    #expect(abs(circle - 1963) < 30)
    let triangle = area(.polygon) {
      $0.extrudedShape.basePoints = [
        .init(x: -0.4, y: -0.4), .init(x: 0.4, y: -0.4), .init(x: -0.4, y: 0.4),
      ]
    }
    #expect(abs(triangle - 800) < 45)
    #expect(area(.point) { _ in } == 1)
    let line = area(.line) {
      $0.extrudedShape.basePoints = [.init(x: -0.5, y: 0.01), .init(x: 0.49, y: 0.01)]
    }
    #expect((49...52).contains(line))
  }

  @Test("Boxes are turned about their centre")
  func rotation() {
    let turned = area(.rectangle) {
      $0.boxShape = .init(sizeX: 1, sizeY: 0.2)
      $0.rotationZ = 1.5707963267948966
    }
    #expect(abs(turned - 500) <= 60)
  }

  @Test("Shapes outside the image or without sense draw nothing")
  func hostile() {
    #expect(
      area(.rectangle) {
        $0.centerX = 50
        $0.boxShape = .init(sizeX: 1, sizeY: 1)
      } == 0)
    #expect(area(.ellipse) { $0.boxShape = .init(sizeX: .nan, sizeY: 1) } == 0)
    #expect(
      area(.polyLine) {
        $0.extrudedShape.basePoints = [.init(x: -1e300, y: 0), .init(x: 1e300, y: 0)]
      } == 0)
    #expect(
      area(.polygon) {
        $0.extrudedShape.basePoints = [
          .init(x: -1e300, y: -1e300), .init(x: 1e300, y: -1e300), .init(x: 0, y: 1e300),
        ]
      } >= 0)
  }
}
