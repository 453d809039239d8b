package qrcode_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"iter"
	"os"
	"strings"

	"github.com/superapp-go/superapp/qrcode"
)

func ExampleStyle() {
	brand, err := qrcode.ParseColour("#0a3d62")
	if err != nil {
		fmt.Println(err)
		return
	}
	var picture bytes.Buffer // a PNG or JPEG file
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 64, 64))); err != nil {
		fmt.Println(err)
		return
	}
	logo, err := qrcode.ReadLogo(&picture)
	if err != nil {
		fmt.Println(err)
		return
	}
	code := qrcode.Code{Link: "https://wallet.example/open?appId=shop&page=pages%2Fmenu"}
	var file bytes.Buffer
	err = code.WriteSVG(&file, &qrcode.Style{Dark: brand, Logo: logo, Caption: "Table 7"})
	fmt.Println(err, strings.Contains(file.String(), "<title>Table 7</title>"))

	// Colours that scanners cannot tell apart are refused, or corrected.
	pale := &qrcode.Style{Dark: qrcode.RGB(0x8e, 0x8e, 0x8e)}
	fmt.Println(code.WritePNG(&file, pale))
	pale.Correct = true
	fmt.Println(code.WritePNG(&file, pale))
	// Output:
	// <nil> true
	// qrcode: draw: dark: contrast 3.2:1 of #8e8e8e on #ffffff, want at least 4.5:1: choose a darker dark or a lighter light colour
	// <nil>
}

func ExampleCode_WriteText() {
	code := qrcode.Code{Link: "HTTPS://X.EXAMPLE/7"}
	// Without a ground there are no escape sequences for colours: for a file.
	if err := code.WriteText(os.Stdout, &qrcode.Style{Transparent: true, Level: qrcode.L, Exact: true}); err != nil {
		fmt.Println(err)
	}
}

func ExampleWriteSheet() {
	var tables iter.Seq2[qrcode.Code, error] = func(yield func(qrcode.Code, error) bool) {
		for n := range 30 {
			code := qrcode.Code{Link: fmt.Sprintf("https://wallet.example/t/%d", n+1)}
			code.Name = fmt.Sprintf("Table %d", n+1)
			if !yield(code, nil) {
				return
			}
		}
	}
	var file bytes.Buffer
	if err := qrcode.WriteSheet(context.Background(), &file, tables, &qrcode.Sheet{Columns: 3, Rows: 4}); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.Count(file.String(), "/Type/Page/"), "pages")
	// Output: 3 pages
}
