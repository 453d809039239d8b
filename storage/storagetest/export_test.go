package storagetest

// CallMethod lets the tests call whatever the port has.
var CallMethod = call
