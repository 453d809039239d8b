// Package superapp is the management plane of a mini program platform as a
// library.
package superapp
