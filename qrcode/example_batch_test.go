package qrcode_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/qrcode"
)

// Codes for two hundred tables, without defining any of them.
func ExampleLinks() {
	menu := qrcode.Target{MiniProgram: shop, Page: "pages/menu"}
	tables := qrcode.Links(qrcode.MiniApp(""), menu, qrcode.Numbered("Table", "table", 1, 200))

	var file bytes.Buffer // any io.Writer: a file, an http.ResponseWriter
	done, err := qrcode.WriteBatch(context.Background(), &file, tables, nil)
	fmt.Println(done.Written, "codes", err)

	files, _ := zip.NewReader(bytes.NewReader(file.Bytes()), int64(file.Len()))
	fmt.Println(files.File[6].Name, files.File[200].Name)
	for code := range tables {
		fmt.Println(code.Link)
		break
	}
	// Output:
	// 200 codes <nil>
	// 00007-Table-7.png index.csv
	// superapp://miniapp/00000000-0000-0000-0000-000000000003/pages/menu?table=1
}

// All codes of a mini program, as SVG files with captions. A name that the font
// cannot set is left out, and the index says why.
func ExampleWriteBatch() {
	service, _ := newService(nil)
	ctx := context.Background()
	for _, name := range []string{"Door", "Window", "菜单"} {
		if _, err := service.Define(ctx, admin, qrcode.Define{MiniProgram: shop, Name: name}); err != nil {
			fmt.Println(err)
			return
		}
	}

	var file bytes.Buffer
	codes := page.All(ctx, service.List, admin, qrcode.Filter{MiniProgram: shop})
	done, err := qrcode.WriteBatch(ctx, &file, codes, &qrcode.BatchOptions{
		Format:    qrcode.SVG,
		Caption:   func(c qrcode.Code) string { return c.Name },
		KeepGoing: true,
		Progress:  func(b qrcode.Batch) { fmt.Print(b.Written+b.LeftOut, " ") },
	})
	fmt.Println(done.Written, "written,", done.LeftOut, "left out", err)
	// Output: 1 2 3 2 written, 1 left out <nil>
}

// A scheme of the host's own, with short links that its app reads.
type tinyLinks struct{ host string }

func (s tinyLinks) Link(t qrcode.Target) (string, error) {
	if t.Trial {
		return "", fault.Invalid("trial", "not_allowed", "testers open the app by hand")
	}
	return "https://" + s.host + "/m/" + t.MiniProgram.String() + "?" + t.Query(), nil
}

func (s tinyLinks) Parse(link string) (t qrcode.Target, err error) {
	rest, found := strings.CutPrefix(link, "https://"+s.host+"/m/")
	if !found || len(link) > qrcode.MaxLink {
		return t, fault.Invalid("link", "malformed", "want a link of "+s.host)
	}
	program, query, _ := strings.Cut(rest, "?")
	if t.MiniProgram, err = id.ParseMiniProgram(program); err != nil {
		return t, err
	}
	if t.Params, err = qrcode.ParseQuery(query); err != nil {
		return t, err
	}
	return t, t.Validate()
}

// A host's own scheme is one method, or two if it reads its links as well. It is
// given to the service as qrcode.Options.Scheme.
func ExampleParser() {
	var scheme qrcode.Parser = tinyLinks{"w.example"}
	link, err := scheme.Link(qrcode.Target{MiniProgram: shop, Params: []qrcode.Param{{Key: "wish", Value: "salt & pepper"}}})
	fmt.Println(link, err)

	target, err := scheme.Parse(link)
	fmt.Println(target.Params, err)

	_, err = scheme.Parse("https://evil.example/m/1")
	fmt.Println(err)
	// Output:
	// https://w.example/m/00000000-0000-0000-0000-000000000003?wish=salt%20%26%20pepper <nil>
	// [{wish salt & pepper}] <nil>
	// link: want a link of w.example
}
