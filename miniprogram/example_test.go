package miniprogram_test

import (
	"context"
	"crypto/sha256"
	"fmt"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/workspace"
)

var (
	ctx      = context.Background()
	operator = rbac.System("console")
	ada      = rbac.User("acc-ada")
)

// town is a platform with a verified tenant, whose admin is Ada.
func town() (p *superapp.Platform, tenant id.Workspace) {
	p, err := superapp.New(memory.New(), nil)
	check(err)
	opened, _, err := p.OpenTenant(ctx, operator, superapp.Open{
		Name:     "Riverbank Wallet",
		Business: workspace.Business{Address: "1 River Street", Scope: "payments", Representative: "Ada", Email: "ada@wallet.example"},
		Admin:    member.First{Account: "acc-ada", Email: "ada@wallet.example", Name: "Ada"},
	})
	check(err)
	check(p.Workspaces.SetStatus(ctx, operator, opened.Workspace.ID, workspace.Verified, ""))
	return p, opened.Workspace.ID
}

// shops creates mini programs in the tenant as Ada.
func shops(p *superapp.Platform, tenant id.Workspace, names ...string) (ids []id.MiniProgram) {
	for _, name := range names {
		made, err := p.MiniPrograms.Create(ctx, ada, miniprogram.Create{
			Workspace: tenant, Type: miniprogram.DSL, Language: "en", Name: name,
		})
		check(err)
		ids = append(ids, made.ID)
	}
	return ids
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func ExampleService_Create() {
	p, tenant := town()

	cards, err := p.MiniPrograms.Create(ctx, ada, miniprogram.Create{
		Workspace: tenant, Type: miniprogram.H5, Language: "zh-hans", Name: "旅行卡",
	})
	check(err)
	fmt.Println(cards.Name, "in", cards.Language, "is", cards.Status)

	_, err = p.MiniPrograms.Create(ctx, ada, miniprogram.Create{
		Workspace: tenant, Type: "flash", Language: "zh-Hans", Name: "卡",
	})
	fmt.Println(err)
	// Output:
	// 旅行卡 in zh-Hans is in_development
	// miniprogram: create: type: want dsl or h5; name: want at least 3 characters, got 2
}

func ExampleService_Get() {
	p, tenant := town()
	cards := shops(p, tenant, "Travel Cards")[0]

	d, err := p.MiniPrograms.Get(ctx, ada, cards)
	check(err)
	fmt.Println(d.Name, d.Status)

	_, err = p.MiniPrograms.Get(ctx, rbac.User("acc-stranger"), cards)
	fmt.Println(err)
	// Output:
	// Travel Cards in_development
	// miniprogram: get: no such mini program
}

func ExampleService_List() {
	p, tenant := town()
	shops(p, tenant, "Travel Cards", "Coffee Corner", "Night Coffee", "咖啡小店")

	for _, typed := range []string{"COFFEE", "啡小"} {
		found, err := p.MiniPrograms.List(ctx, ada, miniprogram.Filter{Name: typed}, page.Request{})
		check(err)
		for _, d := range found.Items {
			fmt.Println(typed, "finds", d.Name)
		}
	}
	// Output:
	// COFFEE finds Night Coffee
	// COFFEE finds Coffee Corner
	// 啡小 finds 咖啡小店
}

// page.All reads a list to its end, whatever its length.
func ExampleService_List_all() {
	p, tenant := town()
	shops(p, tenant, "Travel Cards", "Coffee Corner", "Night Coffee")

	for d, err := range page.All(ctx, p.MiniPrograms.List, ada, miniprogram.Filter{Workspace: tenant}) {
		check(err)
		fmt.Println(d.Name)
	}
	// Output:
	// Travel Cards
	// Coffee Corner
	// Night Coffee
}

func ExampleService_UploadVersion() {
	p, tenant := town()
	cards := shops(p, tenant, "Travel Cards")[0]

	code := []byte("what the IDE uploaded, and the host has stored")
	upload := miniprogram.Upload{
		MiniProgram: cards,
		Number:      "1.4.0",
		Package:     miniprogram.Package{Reference: "packages/cards-1.4.0.zip", Size: int64(len(code)), SHA256: sha256.Sum256(code)},
		JSAPIs:      []string{"scan", "pay"},
		Notes:       map[string]string{"en": "Pays for trams as well."},
	}
	v, err := p.MiniPrograms.UploadVersion(ctx, ada, upload)
	check(err)
	fmt.Println(v.Number, v.Status, v.JSAPIs)

	_, err = p.MiniPrograms.UploadVersion(ctx, ada, upload)
	fmt.Println(err)
	// Output:
	// 1.4.0 new [pay scan]
	// miniprogram: upload version: version 1.4.0 is not greater than 1.4.0, the latest: raise the number
}

func ExampleService_Versions() {
	p, tenant := town()
	cards := shops(p, tenant, "Travel Cards")[0]
	for _, number := range []string{"1.0.0-rc.1", "1.0.0"} {
		_, err := p.MiniPrograms.UploadVersion(ctx, ada, miniprogram.Upload{
			MiniProgram: cards, Number: number,
			Package: miniprogram.Package{Reference: "packages/cards.zip", Size: 1, SHA256: [32]byte{1}},
		})
		check(err)
	}

	versions, err := p.MiniPrograms.Versions(ctx, ada, miniprogram.VersionFilter{MiniProgram: cards}, page.Request{})
	check(err)
	for _, v := range versions.Items {
		fmt.Println(v.Number, "by", v.Uploader)
	}
	// Output:
	// 1.0.0-rc.1 by acc-ada
	// 1.0.0 by acc-ada
}

func ExampleService_Team() {
	p, tenant := town()
	cards := shops(p, tenant, "Travel Cards")[0]

	team, err := p.MiniPrograms.Team(ctx, ada, cards, page.Request{})
	check(err)
	for _, m := range team.Items {
		fmt.Println(m.Name, "is", m.Role)
	}
	// Output: Ada is mini_program_admin
}
