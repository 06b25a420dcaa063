@0xd7b1f4a3c0e85a08;
# Two files that import each other.
using B = import "ring-b.capnp";

struct Left {
  right @0 :B.Right;
  rights @1 :List(B.Right);
  const first :B.Right = (name = "constant", level = high);
  level @2 :B.Level;
}
