/// How large a test's data are: built for debugging, the modules are some thirty times slower, and make do with less.
package func extent(_ full: Int, debugging part: Int) -> Int {
  #if DEBUG
    part
  #else
    full
  #endif
}
