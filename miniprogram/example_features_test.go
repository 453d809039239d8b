package miniprogram_test

import (
	"fmt"
	"time"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/page"
)

// scanner makes a feature of the tenant with the JSAPI my.scan.
func scanner(p *superapp.Platform, tenant id.Workspace, a feature.Access) id.Feature {
	_, err := p.Features.DefineJSAPI(ctx, ada, tenant, feature.DefineJSAPI{Name: "my.scan", Platforms: []feature.Platform{feature.IOS}})
	check(err)
	f, err := p.Features.Define(ctx, ada, tenant, feature.Define{Name: "Scanner", JSAPIs: []string{"my.scan"}, Access: a})
	check(err)
	return f.ID
}

func ExampleService_AttachFeature() {
	p, tenant := town()
	cards := shops(p, tenant, "Travel Cards")[0]

	a, err := p.MiniPrograms.AttachFeature(ctx, ada, cards, scanner(p, tenant, feature.Direct), "")
	check(err)
	fmt.Println("attached:", a.Attached)
	// Output: attached: true
}

// What needs activation is attached by the approval.
func ExampleService_AttachFeature_activation() {
	p, tenant := town()
	cards := shops(p, tenant, "Travel Cards")[0]

	a, err := p.MiniPrograms.AttachFeature(ctx, ada, cards, scanner(p, tenant, feature.Activation), "to scan tickets")
	check(err)
	fmt.Println("attached:", a.Attached, "request:", a.Request.Status)

	_, err = p.Approvals.Decide(ctx, operator, a.Request.ID, approval.Decision{Approve: true})
	check(err)
	all, err := p.MiniPrograms.Features(ctx, ada, cards)
	check(err)
	fmt.Println(all[0].Name, all[0].JSAPIs)
	// Output:
	// attached: false request: in_review
	// Scanner [my.scan]
}

func ExampleService_DetachFeature() {
	p, tenant := town()
	cards := shops(p, tenant, "Travel Cards")[0]
	f := scanner(p, tenant, feature.Direct)
	_, err := p.MiniPrograms.AttachFeature(ctx, ada, cards, f, "")
	check(err)

	check(p.MiniPrograms.DetachFeature(ctx, ada, cards, f))
	fmt.Println(p.MiniPrograms.DetachFeature(ctx, ada, cards, f))
	// Output: miniprogram: detach feature: the mini program does not have this feature
}

func ExampleService_Features() {
	p, tenant := town()
	cards := shops(p, tenant, "Travel Cards")[0]
	_, err := p.MiniPrograms.AttachFeature(ctx, ada, cards, scanner(p, tenant, feature.Direct), "")
	check(err)

	all, err := p.MiniPrograms.Features(ctx, ada, cards)
	check(err)
	for _, f := range all {
		fmt.Println(f.Name, f.JSAPIs)
	}
	// Output: Scanner [my.scan]
}

func ExampleService_Remove() {
	p, tenant := town()
	cards := shops(p, tenant, "Travel Cards")[0]

	_, err := p.MiniPrograms.Remove(ctx, ada, cards, "")
	fmt.Println(err)
	r, err := p.MiniPrograms.RequestRemoval(ctx, ada, cards, "nobody uses it")
	check(err)
	_, err = p.Approvals.Decide(ctx, operator, r.ID, approval.Decision{Approve: true})
	check(err)
	removed, err := p.MiniPrograms.Remove(ctx, ada, cards, "")
	check(err)
	fmt.Println(removed.Name, "is", removed.Status)
	// Output:
	// miniprogram: remove: the removal of the mini program was not approved: request it first
	// Travel Cards is archived
}

func ExampleService_RequestRemoval() {
	p, tenant := town()
	cards := shops(p, tenant, "Travel Cards")[0]

	r, err := p.MiniPrograms.RequestRemoval(ctx, ada, cards, "nobody uses it")
	check(err)
	fmt.Println(r.Kind, r.Status)
	_, err = p.MiniPrograms.RequestRemoval(ctx, ada, cards, "nobody uses it")
	fmt.Println(err)
	// Output:
	// removal in_review
	// miniprogram: request removal: a request for this is in review already: wait for the decision, or withdraw it
}

func ExampleService_ForceRemove() {
	p, tenant := town()
	cards := shops(p, tenant, "Travel Cards")[0]

	removed, err := p.MiniPrograms.ForceRemove(ctx, ada, cards, "it asks for passwords")
	check(err)
	fmt.Println(removed.Name, "is", removed.Status)
	// Output: Travel Cards is archived
}

func ExampleService_Notices() {
	p, tenant := town()
	cards := shops(p, tenant, "Travel Cards")[0]

	check(p.MiniPrograms.Warn(ctx, ada, cards, "it crashes"))
	check(p.MiniPrograms.RequireRectification(ctx, ada, cards, "it still crashes", time.Now().Add(7*24*time.Hour)))
	notices, err := p.MiniPrograms.Notices(ctx, ada, cards, page.Request{})
	check(err)
	for _, n := range notices.Items {
		fmt.Println(n.Verb, n.Reason, "due:", !n.Due.IsZero())
	}
	// Output:
	// miniprogram.warned it crashes due: false
	// miniprogram.rectification_required it still crashes due: true
}

func ExampleService_Warn() {
	p, tenant := town()
	cards := shops(p, tenant, "Travel Cards")[0]

	check(p.MiniPrograms.Warn(ctx, ada, cards, "it crashes"))
	fmt.Println(p.MiniPrograms.Warn(ctx, ada, cards, ""))
	// Output: miniprogram: warn: reason: must not be empty
}

func ExampleService_RequireRectification() {
	p, tenant := town()
	cards := shops(p, tenant, "Travel Cards")[0]

	check(p.MiniPrograms.RequireRectification(ctx, ada, cards, "it crashes", time.Now().Add(7*24*time.Hour)))
	notices, err := p.MiniPrograms.Notices(ctx, ada, cards, page.Request{})
	check(err)
	fmt.Println(notices.Items[0].Reason)
	// Output: it crashes
}
