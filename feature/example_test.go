package feature_test

import (
	"context"
	"fmt"
	"time"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/workspace"
)

var (
	ctx      = context.Background()
	operator = rbac.System("console")
	ada, cho = rbac.User("acc-ada"), rbac.User("acc-cho")
)

// town is a platform with a tenant, whose admin is Ada and whose catalogue has two
// JSAPIs, and a merchant under it, whose admin is Cho.
func town() (p *superapp.Platform, tenant, merchant id.Workspace) {
	p, err := superapp.New(memory.New(), &superapp.Options{
		Clock: func() time.Time { return time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC) },
	})
	check(err)
	t, _, err := p.OpenTenant(ctx, operator, superapp.Open{
		Name:     "Riverbank Wallet",
		Business: workspace.Business{Address: "1 River Street", Scope: "payments", Representative: "Ada", Email: "ada@wallet.example"},
		Admin:    member.First{Account: "acc-ada", Email: "ada@wallet.example", Name: "Ada"},
	})
	check(err)
	check(p.Workspaces.SetStatus(ctx, operator, t.Workspace.ID, workspace.Verified, ""))
	m, _, err := p.OpenDeveloper(ctx, ada, t.Workspace.ID, superapp.Open{
		Name:     "Corner Coffee",
		Business: workspace.Business{Company: "Corner Coffee Ltd", Address: "2 Hill Road", Scope: "coffee", Email: "office@coffee.example"},
		Admin:    member.First{Account: "acc-cho", Email: "cho@coffee.example", Name: "Cho"},
	})
	check(err)
	for _, name := range []string{"my.scan", "my.pay"} {
		_, err := p.Features.DefineJSAPI(ctx, ada, t.Workspace.ID, feature.DefineJSAPI{
			Name: name, Platforms: []feature.Platform{feature.Android, feature.IOS},
		})
		check(err)
	}
	return p, t.Workspace.ID, m.Workspace.ID
}

// checkout is a feature of the tenant that needs activation.
func checkout(p *superapp.Platform, tenant id.Workspace) id.Feature {
	f, err := p.Features.Define(ctx, ada, tenant, feature.Define{Name: "Checkout", JSAPIs: []string{"my.pay"}, Access: feature.Activation})
	check(err)
	return f.ID
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func ExampleService_Define() {
	p, tenant, merchant := town()

	f, err := p.Features.Define(ctx, ada, tenant, feature.Define{
		Name: "Camera", JSAPIs: []string{"my.scan"}, Access: feature.Direct, Shared: []id.Workspace{merchant},
	})
	check(err)
	fmt.Println(f.Name, f.JSAPIs, f.Access)

	_, err = p.Features.Define(ctx, ada, tenant, feature.Define{Name: "Flight", JSAPIs: []string{"my.fly"}, Access: feature.Direct})
	fmt.Println(err)
	// Output:
	// Camera [my.scan] direct
	// feature: define: jsapis: the catalogue has no JSAPI "my.fly": define it first
}

func ExampleService_DefineJSAPI() {
	p, tenant, _ := town()

	j, err := p.Features.DefineJSAPI(ctx, ada, tenant, feature.DefineJSAPI{
		Name: "my.locate", Description: "Where the phone is.", Platforms: []feature.Platform{feature.IOS, feature.HarmonyOS},
	})
	check(err)
	fmt.Println(j.Name, "on", j.Platforms)
	// Output: my.locate on [harmonyos ios]
}

func ExampleService_EditJSAPI() {
	p, tenant, _ := town()
	all, err := p.Features.JSAPIs(ctx, ada, tenant, page.Request{})
	check(err)

	j, err := p.Features.EditJSAPI(ctx, ada, all.Items[0].ID, feature.EditJSAPI{Platforms: []feature.Platform{feature.HarmonyOS}})
	check(err)
	fmt.Println(j.Name, "on", j.Platforms)

	past, err := p.Features.JSAPIHistory(ctx, ada, j.ID, page.Request{})
	check(err)
	for _, c := range past.Items {
		fmt.Println(c.Verb, "by", c.By, "to", c.After.Platforms)
	}
	// Output:
	// my.scan on [harmonyos]
	// jsapi.defined by acc-ada to [android ios]
	// jsapi.edited by acc-ada to [harmonyos]
}

func ExampleService_JSAPIHistory() {
	p, tenant, _ := town()
	all, err := p.Features.JSAPIs(ctx, ada, tenant, page.Request{})
	check(err)

	past, err := p.Features.JSAPIHistory(ctx, ada, all.Items[0].ID, page.Request{})
	check(err)
	fmt.Println(past.Items[0].Verb, past.Items[0].After.Name)
	// Output: jsapi.defined my.scan
}

func ExampleService_JSAPIs() {
	p, _, merchant := town()

	all, err := p.Features.JSAPIs(ctx, cho, merchant, page.Request{})
	check(err)
	for _, j := range all.Items {
		fmt.Println(j.Name)
	}
	// Output:
	// my.scan
	// my.pay
}

func ExampleService_Edit() {
	p, tenant, _ := town()

	f, err := p.Features.Edit(ctx, ada, checkout(p, tenant), feature.Edit{
		Name: "Checkout", JSAPIs: []string{"my.pay", "my.scan"}, Access: feature.Activation,
	})
	check(err)
	fmt.Println(f.JSAPIs)
	// Output: [my.pay my.scan]
}

func ExampleService_Retire() {
	p, tenant, _ := town()
	old := checkout(p, tenant)

	_, err := p.Features.Retire(ctx, ada, old)
	check(err)
	_, err = p.Features.Retire(ctx, ada, old)
	fmt.Println(err)
	// Output: feature: retire: the feature was retired: restore it first
}

func ExampleService_Restore() {
	p, tenant, _ := town()
	old := checkout(p, tenant)
	_, err := p.Features.Retire(ctx, ada, old)
	check(err)

	f, err := p.Features.Restore(ctx, ada, old)
	check(err)
	fmt.Println(f.Name, "retired:", f.Retired)
	// Output: Checkout retired: false
}

func ExampleService_Get() {
	p, tenant, merchant := town()

	f, err := p.Features.Get(ctx, cho, merchant, checkout(p, tenant))
	check(err)
	fmt.Println(f.Name, f.Access)
	// Output: Checkout activation
}

func ExampleService_List() {
	p, tenant, merchant := town()
	checkout(p, tenant)
	_, err := p.Features.Define(ctx, ada, tenant, feature.Define{
		Name: "Own", JSAPIs: []string{"my.scan"}, Access: feature.Direct, Shared: []id.Workspace{tenant},
	})
	check(err)

	for w, actor := range map[id.Workspace]rbac.Actor{tenant: ada, merchant: cho} {
		seen, err := p.Features.List(ctx, actor, w, page.Request{})
		check(err)
		fmt.Println(actor.Account(), "sees", len(seen.Items))
	}
	// Unordered output:
	// acc-ada sees 2
	// acc-cho sees 1
}

func ExampleService_History() {
	p, tenant, _ := town()
	f := checkout(p, tenant)
	_, err := p.Features.Retire(ctx, ada, f)
	check(err)

	past, err := p.Features.History(ctx, ada, f, page.Request{})
	check(err)
	for _, c := range past.Items {
		fmt.Println(c.At.Format(time.DateOnly), c.Verb, "by", c.By)
	}
	// Output:
	// 2026-01-05 feature.defined by acc-ada
	// 2026-01-05 feature.retired by acc-ada
}

func ExampleUncovered() {
	camera := feature.Feature{JSAPIs: []string{"my.scan"}}
	fmt.Println(feature.Uncovered([]string{"my.pay", "my.scan"}, []feature.Feature{camera}))
	// Output: [my.pay]
}
