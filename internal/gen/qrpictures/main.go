// Command qrpictures draws the QR codes of docs/qrcodes.md, one of each kind,
// into a folder. Run it with go generate ./internal/gen/qrpictures. With -corpus
// it draws many more, with their texts, for .ci/decode.
package main

//go:generate go run . ../../../docs

import (
	"bytes"
	_ "embed"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"

	"github.com/superapp-go/superapp/qrcode"
)

func main() {
	log.SetFlags(0)
	many := flag.Bool("corpus", false, "draw what .ci/decode reads")
	flag.Parse()
	if flag.NArg() != 1 {
		log.Fatal("usage: qrpictures [-corpus] FOLDER")
	}
	if *many {
		if err := writeCorpus(flag.Arg(0)); err != nil {
			log.Fatal(err)
		}
		return
	}
	all, err := pictures()
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range all {
		file, err := p.draw()
		if err != nil {
			log.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(flag.Arg(0), p.name), file, 0o644); err != nil {
			log.Fatal(err)
		}
	}
}

// logo was made of logo.svg by rsvg-convert.
//
//go:embed logo.png
var logo []byte

// The same page as a direct code, whose picture holds the whole link, and as a
// short one. The capital letters of the short link take fewer modules.
const (
	direct = "https://wallet.example/open?appId=01890a5d-ac96-774b-bcce-b302099a8057&page=pages%2Fmenu&query=table%3D7"
	short  = "HTTPS://W.EXAMPLE/Q/7K2M9QXRT4WB"
)

// A picture is one file of the documentation.
type picture struct {
	name, link string
	style      qrcode.Style
	write      func(qrcode.Code, io.Writer, *qrcode.Style) error
}

func pictures() ([]picture, error) {
	bowl, err := qrcode.ReadLogo(bytes.NewReader(logo))
	if err != nil {
		return nil, err
	}
	red, blue, cream := qrcode.RGB(0x9b, 0x2c, 0x20), qrcode.RGB(0x0a, 0x3d, 0x62), qrcode.RGB(0xff, 0xf6, 0xe0)
	png, svg, pdf, text := qrcode.Code.WritePNG, qrcode.Code.WriteSVG, qrcode.Code.WritePDF, qrcode.Code.WriteText
	return []picture{
		{"qr-direct.png", direct, qrcode.Style{Size: 240}, png},
		{"qr-short.png", short, qrcode.Style{Size: 240}, png},
		{"qr-colours.png", short, qrcode.Style{Size: 240, Dark: blue, Light: cream}, png},
		{"qr-transparent.png", short, qrcode.Style{Size: 240, Dark: red, Transparent: true}, png},
		{"qr-logo.png", short, qrcode.Style{Size: 240, Dark: red, Logo: bowl}, png},
		{"qr-caption.png", short, qrcode.Style{Size: 240, Caption: "Table 7"}, png},
		{"qr-caption.svg", short, qrcode.Style{Size: 240, Dark: blue, Caption: "Table 7"}, svg},
		{"qr-caption.pdf", short, qrcode.Style{Size: 240, Dark: blue, Caption: "Table 7"}, pdf},
		{"qr-terminal.txt", short, qrcode.Style{Transparent: true, Caption: "Table 7"}, text},
	}, nil
}

func (p picture) draw() ([]byte, error) {
	var b bytes.Buffer
	if err := p.write(qrcode.Code{Link: p.link}, &b, &p.style); err != nil {
		return nil, fmt.Errorf("%s: %w", p.name, err)
	}
	return b.Bytes(), nil
}
