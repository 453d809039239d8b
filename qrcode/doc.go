// Package qrcode defines QR codes that open a page of a mini program, and draws
// them.
//
// [Service.Define] stores which page a code opens and with which parameters;
// the [Code] it returns has the link and draws it:
//
//	code, err := p.QRCodes.Define(ctx, admin, qrcode.Define{
//		MiniProgram: shop, Name: "Table 7", Page: "pages/menu",
//		Params: []qrcode.Param{{Key: "table", Value: "7"}},
//	})
//	...
//	err = code.WritePNG(file, nil)
//
// # Links
//
// A code is direct: the picture holds the whole link. What is stored is the
// page and its parameters, never the link; the service's [Scheme] makes the
// link anew each time a code is read. A change of the scheme therefore reaches
// every code that is read from then on, and none that is printed.
//
// # Pictures
//
// A module, one of the squares of a code, is always a whole number of pixels,
// so that edges stay sharp; what is left of the picture's size becomes quiet
// zone. The same link and options give the same pixels, and the same bytes as
// long as the program is built with the same release of Go, whose compressor
// makes them.
package qrcode
