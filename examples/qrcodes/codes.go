package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/superapp-go/superapp/qrcode"
)

// tables makes the codes of all tables. They are stored nowhere: a table that is
// added later gets its code by the same rule.
func (h *house) tables(ctx context.Context) error {
	d := h.data.Tables
	menu := qrcode.Target{MiniProgram: h.program, Page: d.Page}
	tables := qrcode.Links(h.scheme, menu, qrcode.Numbered(d.Name, d.Key, 1, d.Count))

	h.say("1. Codes for %d tables", d.Count)
	if err := h.file("tables.pdf", func(w io.Writer) error { return qrcode.WriteSheet(ctx, w, tables, nil) }); err != nil {
		return err
	}
	return h.file("tables.zip", func(w io.Writer) error {
		_, err := qrcode.WriteBatch(ctx, w, tables, &qrcode.BatchOptions{Format: qrcode.SVG})
		return err
	})
}

// brand makes the code that hangs at the door, with logo and colours.
func (h *house) brand(ctx context.Context) error {
	d := h.data.Brand
	dark, err := qrcode.ParseColour(d.Dark)
	if err != nil {
		return err
	}
	light, err := qrcode.ParseColour(d.Light)
	if err != nil {
		return err
	}
	logo, err := qrcode.ReadLogo(bowl())
	if err != nil {
		return err
	}
	code, err := h.QRCodes.Define(ctx, h.admin, qrcode.Define{MiniProgram: h.program, Name: "Door"})
	if err != nil {
		return err
	}
	style := &qrcode.Style{Size: 800, Dark: dark, Light: light, Logo: logo, Caption: d.Caption}
	h.say("2. A code with logo and colours: %s", code.Link)
	if err := h.file("brand.png", func(w io.Writer) error { return code.WritePNG(w, style) }); err != nil {
		return err
	}
	return h.file("brand.svg", func(w io.Writer) error { return code.WriteSVG(w, style) })
}

// window makes a short code, and changes its target after it was printed.
func (h *house) window(ctx context.Context) error {
	d := h.data.Window
	code, err := h.QRCodes.Define(ctx, h.admin, qrcode.Define{
		MiniProgram: h.program, Name: d.Name, Page: d.Page.Page, Params: d.Params, Short: true,
	})
	if err != nil {
		return err
	}
	h.say("3. A short code for the window: %s", code.Link)
	if err := h.file("window.png", func(w io.Writer) error { return code.WritePNG(w, nil) }); err != nil {
		return err
	}
	if err := code.WriteText(h.out, nil); err != nil {
		return err
	}
	if err := h.scan(ctx, code); err != nil {
		return err
	}
	if _, err := h.QRCodes.Retarget(ctx, h.admin, code.ID, d.Later.Page, d.Later.Params); err != nil {
		return err
	}
	h.say("   It is printed, and gets another target.")
	if err := h.scan(ctx, code); err != nil {
		return err
	}
	if err := h.QRCodes.FlushScans(ctx); err != nil {
		return err
	}
	scans, err := h.QRCodes.Scans(ctx, h.admin, code.ID)
	h.say("   Scans: %d", scans)
	return err
}

// scan asks the host's server as a phone does that scanned the code, and reads the
// link as the app does.
func (h *house) scan(ctx context.Context, code qrcode.Code) error {
	answer := httptest.NewRecorder()
	h.site.ServeHTTP(answer, httptest.NewRequestWithContext(ctx, http.MethodGet, code.Link, nil))
	link := answer.Header().Get("Location")
	target, err := h.scheme.(qrcode.Parser).Parse(link)
	if err != nil {
		return fmt.Errorf("scan: %s: %w", http.StatusText(answer.Code), err)
	}
	h.say("   A scan leads to %s", link)
	h.say("   and opens %s with %v", target.Page, target.Params)
	return nil
}

// bowl draws the logo: a bowl with three noodles, as a PNG file.
func bowl() io.Reader {
	const side = 120
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	red, white := color.NRGBA{0xb0, 0x2a, 0x2a, 0xff}, color.NRGBA{0xff, 0xff, 0xff, 0xff}
	for y := range side {
		for x := range side {
			dx, dy := x-side/2, y-side/2
			switch {
			case dx*dx+dy*dy >= side*side/4: // outside of the plate: transparent
			case dy > 0 && dx*dx+dy*dy < 44*44, dy < -8 && dy > -40 && dx >= -28 && dx <= 28 && (dx+28)%24 < 8:
				img.SetNRGBA(x, y, white)
			default:
				img.SetNRGBA(x, y, red)
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err) // A picture of this size has a file.
	}
	return &b
}
