// Package qrcode defines QR codes that open a page of a mini program, and draws them.
package qrcode
