package storagetest

// CallZero lets the tests call whatever the port has.
var CallZero = callZero
