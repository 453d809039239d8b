package qrcode_test

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

var ctx = context.Background()

// cafe is a platform with a short code on a table of a café, its admin, and its mini
// program.
func cafe() (p *superapp.Platform, code qrcode.Code, ada rbac.Actor, shop id.MiniProgram) {
	k := superapptest.New(testkit.Panics, &superapptest.Options{Platform: superapp.Options{
		QRCodes: &qrcode.Options{Short: "https://w.example/q/"},
	}})
	ada = k.As(rbac.DeveloperAdmin)
	code, err := k.QRCodes.Define(ctx, ada, qrcode.Define{MiniProgram: k.Shop, Name: "Table 7", Page: "pages/menu", Short: true})
	check(err)
	return k.Platform, code, ada, k.Shop
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// The picture of a short code holds an opaque id; what it opens can change after it
// was printed.
func ExampleService_Retarget() {
	p, code, ada, _ := cafe()
	fmt.Println(code.Link == "https://w.example/q/"+code.Short)

	_, err := p.QRCodes.Retarget(ctx, ada, code.ID, "pages/summer", []qrcode.Param{{Key: "table", Value: "7"}})
	check(err)
	scanned, err := p.QRCodes.Resolve(ctx, code.Short)
	check(err)
	fmt.Println(scanned.Target.Page, scanned.Target.Query())
	// Output:
	// true
	// pages/summer table=7
}

// The tables of a restaurant get short codes at once, and a sheet to print.
func ExampleService_DefineAll() {
	p, _, ada, shop := cafe()
	var tables []qrcode.Define
	for name, params := range qrcode.Numbered("Table", "table", 1, 24) {
		tables = append(tables, qrcode.Define{MiniProgram: shop, Name: name, Page: "pages/menu", Params: params, Short: true})
	}
	codes, err := p.QRCodes.DefineAll(ctx, ada, tables)
	check(err)
	fmt.Println(len(codes), codes[6].Name, qrcode.Target{Params: codes[6].Params}.Query())

	var sheet bytes.Buffer
	list := page.All(ctx, p.QRCodes.List, ada, qrcode.Filter{MiniProgram: shop})
	check(qrcode.WriteSheet(ctx, &sheet, qrcode.Printable(list), nil))
	fmt.Println(sheet.Len() > 0)
	// Output:
	// 24 Table 7 table=7
	// true
}

func ExampleService_History() {
	p, code, ada, _ := cafe()
	_, err := p.QRCodes.Retarget(ctx, ada, code.ID, "pages/summer", nil)
	check(err)

	targets, err := p.QRCodes.History(ctx, ada, code.ID, page.Request{})
	check(err)
	for _, t := range targets.Items {
		fmt.Println(t.Revision, t.Page, t.By)
	}
	// Output:
	// 2 pages/summer acc-developer_admin
	// 1 pages/menu acc-developer_admin
}

// Whoever scans needs no account. What a person typed resolves as well: small
// letters do, and O, I and L where 0 and 1 were meant.
func ExampleService_Resolve() {
	p, code, _, _ := cafe()
	scanned, err := p.QRCodes.Resolve(ctx, code.Short)
	check(err)
	fmt.Println(scanned.Code == code.ID, scanned.Target.Page)

	_, err = p.QRCodes.Resolve(ctx, "000000000000")
	fmt.Println(err)
	// Output:
	// true pages/menu
	// qrcode: resolve: no such short code
}

func ExampleService_Peek() {
	p, code, ada, _ := cafe()
	_, err := p.QRCodes.Peek(ctx, code.Short)
	check(err)
	check(p.QRCodes.FlushScans(ctx))
	fmt.Println(p.QRCodes.Scans(ctx, ada, code.ID))
	// Output: 0 <nil>
}

func ExampleService_Scans() {
	p, code, ada, _ := cafe()
	for range 3 {
		_, err := p.QRCodes.Resolve(ctx, code.Short)
		check(err)
	}
	check(p.QRCodes.FlushScans(ctx)) // a server starts Run instead
	fmt.Println(p.QRCodes.Scans(ctx, ada, code.ID))
	// Output: 3 <nil>
}

func ExampleService_FlushScans() {
	p, code, ada, _ := cafe()
	_, err := p.QRCodes.Resolve(ctx, code.Short)
	check(err)
	fmt.Println(p.QRCodes.Scans(ctx, ada, code.ID))
	check(p.QRCodes.FlushScans(ctx))
	fmt.Println(p.QRCodes.Scans(ctx, ada, code.ID))
	// Output:
	// 0 <nil>
	// 1 <nil>
}

// A server starts Run, and waits for it when it ends: the last scans are stored then.
func ExampleService_Run() {
	p, code, ada, _ := cafe()
	running, stop := context.WithCancel(ctx)
	stored := make(chan error)
	go func() { stored <- p.QRCodes.Run(running, 10*time.Second) }()

	_, err := p.QRCodes.Resolve(ctx, code.Short)
	check(err)
	stop()
	check(<-stored)
	fmt.Println(p.QRCodes.Scans(ctx, ada, code.ID))
	// Output: 1 <nil>
}

func ExampleService_Revoke() {
	p, code, ada, _ := cafe()
	revoked, err := p.QRCodes.Revoke(ctx, ada, code.ID)
	check(err)
	fmt.Println(revoked.Working)
	_, err = p.QRCodes.Resolve(ctx, code.Short)
	fmt.Println(err)
	// Output:
	// false
	// qrcode: resolve: the code is revoked: reinstate it first
}

func ExampleService_Reinstate() {
	p, code, ada, _ := cafe()
	_, err := p.QRCodes.Revoke(ctx, ada, code.ID)
	check(err)
	back, err := p.QRCodes.Reinstate(ctx, ada, code.ID)
	check(err)
	fmt.Println(back.Working)
	// Output: true
}

func ExampleService_SetExpiry() {
	p, code, ada, _ := cafe()
	after, err := p.QRCodes.SetExpiry(ctx, ada, code.ID, superapptest.Start.AddDate(0, 1, 0))
	check(err)
	fmt.Println(after.ExpiresAt.Format(time.DateOnly), after.Working)

	_, err = p.QRCodes.SetExpiry(ctx, ada, code.ID, superapptest.Start)
	fmt.Println(err)
	// Output:
	// 2026-02-05 true
	// qrcode: set expiry: expires_at: want a time after 2026-01-05T09:00:00Z, got 2026-01-05T09:00:00Z: use Revoke to end it at once
}

func ExampleService_Rename() {
	p, code, ada, _ := cafe()
	after, err := p.QRCodes.Rename(ctx, ada, code.ID, "Table 8")
	check(err)
	fmt.Println(after.Name, after.Link == code.Link)
	// Output: Table 8 true
}

// A mini program has a code for testing from its creation on.
func ExampleService_Default() {
	p, _, ada, shop := cafe()
	code, err := p.QRCodes.Default(ctx, ada, shop)
	check(err)
	fmt.Println(code.Name, code.Default, code.Working)
	// Output: Test true true
}

func ExampleService_Delete() {
	p, code, ada, shop := cafe()
	_, err := p.QRCodes.Delete(ctx, ada, code.ID)
	check(err)
	for _, deleted := range []bool{false, true} {
		codes, err := p.QRCodes.List(ctx, ada, qrcode.Filter{MiniProgram: shop, Deleted: deleted}, page.Request{})
		check(err)
		for _, c := range codes.Items {
			fmt.Println(c.Name, c.Working)
		}
	}
	// Output:
	// Test true
	// Table 7 false
}

func ExampleService_Restore() {
	p, code, ada, _ := cafe()
	_, err := p.QRCodes.Delete(ctx, ada, code.ID)
	check(err)
	back, err := p.QRCodes.Restore(ctx, ada, code.ID)
	check(err)
	fmt.Println(back.Working, back.Short == code.Short)
	_, err = p.QRCodes.Restore(ctx, ada, code.ID)
	fmt.Println(err)
	// Output:
	// true true
	// qrcode: restore: the code is not deleted: there is nothing to restore
}
