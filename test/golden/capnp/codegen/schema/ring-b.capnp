@0xd7b1f4a3c0e85a09;
using A = import "ring-a.capnp";

enum Level {
  low @0;
  high @1;
}

struct Right {
  lefts @0 :List(List(A.Left));
  left @1 :A.Left;
  name @2 :Text;
  level @3 :Level;
}
