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
// A code is direct or short. The picture of a direct code holds the whole link.
// What is stored is the page and its parameters, never the link; the service's
// [Scheme] makes the link anew each time a code is read. A change of the scheme
// therefore reaches every code that is read from then on, and none that is printed.
//
// The picture of a short code holds [Options.Short] and an opaque id. Package qrhttp
// serves that address by [Service.Resolve]: so what is printed can change its
// target, be revoked, expire, and have its scans counted. A server that wants the
// count starts [Service.Run].
//
// # Pictures
//
// A code is drawn as PNG, SVG, PDF or text for a terminal, or into an
// [image.Image]; a [Style] says how, the same for all of them. [WriteSheet] puts
// many codes on pages for a printer.
//
// A module, one of the squares of a code, is always a whole number of pixels,
// so that edges stay sharp; what is left of the picture's size becomes quiet
// zone. A style that would make a code hard to scan is refused, or corrected if it
// asks for that. The same code and style give the same bytes, whatever the
// release of Go.
package qrcode
