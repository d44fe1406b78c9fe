/// Groups that are pending, in the order they were met, as many as there is room for the evidence of; at least one.
struct PendingGroups {
  private(set) var groups: [Group] = []
  private var room: Int

  init(room: Int) { self.room = room }

  mutating func add(_ group: Group, byteCount: Int) {
    guard groups.isEmpty || byteCount <= room else {
      // Those that come later are less likely to be needed.
      room = 0
      return
    }
    groups.append(group)
    room -= byteCount
  }
}
