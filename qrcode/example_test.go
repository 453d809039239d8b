package qrcode_test

import (
	"bytes"
	"context"
	"fmt"
	"image/png"

	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/qrcode"
)

func ExampleCode_WritePNG() {
	code := qrcode.Code{Link: "https://wallet.example/open?appId=shop&page=pages%2Fmenu"}

	var file bytes.Buffer // any io.Writer: a file, an http.ResponseWriter
	if err := code.WritePNG(&file, nil); err != nil {
		fmt.Println(err)
		return
	}
	picture, _ := png.DecodeConfig(&file)
	fmt.Println(picture.Width, "by", picture.Height, "pixels")

	// A picture that is too small to scan is refused.
	err := code.WritePNG(&file, &qrcode.Style{Size: 32, Level: qrcode.H})
	fmt.Println(err)
	// Output:
	// 512 by 512 pixels
	// qrcode: draw: size: at least 49 px for one pixel per module (41 of the code and 8 of quiet zone), got 32
}

func ExampleCode_Image() {
	code := qrcode.Code{Link: "https://wallet.example/open"}
	picture, err := code.Image(&qrcode.Style{Size: 200})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(picture.Bounds())
	// Output: (0,0)-(200,200)
}

func ExampleService_Define() {
	service, _ := newService(nil)
	code, err := service.Define(context.Background(), admin, qrcode.Define{
		MiniProgram: shop,
		Name:        "Table 7",
		Page:        "pages/menu",
		Params:      []qrcode.Param{{Key: "table", Value: "7"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(code.Name)
	fmt.Println(code.Link)

	_, err = service.Define(context.Background(), admin, qrcode.Define{MiniProgram: shop, Page: "pages/menu?table=7"})
	fmt.Println(err)
	// Output:
	// Table 7
	// superapp://platformapi/startapp?appId=00000000-0000-0000-0000-000000000003&page=pages%2Fmenu&query=table%3D7
	// qrcode: define: name: must not be empty; page: a path without "?" and "#": pass parameters as such
}

func ExampleService_Get() {
	service, _ := newService(nil)
	code, _ := service.Define(context.Background(), admin, qrcode.Define{MiniProgram: shop, Name: "Entrance"})

	got, err := service.Get(context.Background(), admin, code.ID)
	fmt.Println(got.Name, err)

	_, err = service.Get(context.Background(), stranger, code.ID)
	fmt.Println(err)
	// Output:
	// Entrance <nil>
	// qrcode: get: no such QR code
}

func ExampleService_List() {
	service, _ := newService(nil)
	for _, table := range []string{"1", "2", "3"} {
		_, err := service.Define(context.Background(), admin, qrcode.Define{
			MiniProgram: shop, Name: "Table " + table, Params: []qrcode.Param{{Key: "table", Value: table}},
		})
		if err != nil {
			fmt.Println(err)
			return
		}
	}
	for req := (page.Request{Size: 2}); ; {
		codes, err := service.List(context.Background(), admin, qrcode.Filter{MiniProgram: shop}, req)
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, code := range codes.Items {
			fmt.Println(code.Name)
		}
		if req.After = codes.Next; req.After == "" {
			break
		}
	}
	// Output:
	// Table 1
	// Table 2
	// Table 3
}

func ExampleScheme() {
	target := qrcode.Target{MiniProgram: shop, Page: "pages/menu", Params: []qrcode.Param{{Key: "table", Value: "7"}}}
	for _, scheme := range []qrcode.Scheme{
		qrcode.AlipayStyle("mywallet"),
		qrcode.HTTPS("https://wallet.example/open"),
	} {
		link, err := scheme.Link(target)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(link)
	}
	// Output:
	// mywallet://platformapi/startapp?appId=00000000-0000-0000-0000-000000000003&page=pages%2Fmenu&query=table%3D7
	// https://wallet.example/open?appId=00000000-0000-0000-0000-000000000003&page=pages%2Fmenu&query=table%3D7
}
