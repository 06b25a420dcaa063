@0xd7b1f4a3c0e85a0b;
# Nothing but an annotation, a number and an enum: the module needs nothing of the runtime.

annotation only @0xd7b1f4a3c0e85a1d (struct) :Void;
const number :Int8 = -1;
enum Level { low @0; }
const level :Level = low;
