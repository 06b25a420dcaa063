@0xd7b1f4a3c0e85a0c;
# Of another file it uses types alone.
using import "sub/common.capnp".Color;

struct Paint {
  color @0 :Color;
  palette @1 :List(Color);
}
