package miniprogram_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
)

// described is a platform with a mini program of Ada's that says all that it must.
func described() (*superapp.Platform, id.MiniProgram) {
	p, tenant := town()
	cards := shops(p, tenant, "Travel Cards")[0]
	_, err := p.MiniPrograms.SetInformation(ctx, ada, cards, miniprogram.Information{
		Language: "en", Name: "Travel Cards", Tagline: "Every tram in town", Description: "Buys and shows the cards of all trams in town.",
		Keywords: []string{"tram"},
	})
	check(err)
	_, err = p.MiniPrograms.SetProfile(ctx, ada, cards, miniprogram.ProfileEdit{
		Category: "Travel", Regions: []string{"SG"}, Contacts: []miniprogram.Contact{{Kind: "email", Value: "help@wallet.example"}},
	})
	check(err)
	var logo bytes.Buffer
	check(png.Encode(&logo, image.NewGray(image.Rect(0, 0, 64, 64))))
	_, err = p.MiniPrograms.SetLogo(ctx, ada, cards, logo.Bytes())
	check(err)
	return p, cards
}

// uploaded uploads a version of a mini program that is described.
func uploaded(p *superapp.Platform, of id.MiniProgram, number string) id.Version {
	v, err := p.MiniPrograms.UploadVersion(ctx, ada, miniprogram.Upload{
		MiniProgram: of, Number: number, Notes: map[string]string{"en": "Pays for trams as well."},
		Package: miniprogram.Package{Reference: "packages/cards-" + number + ".zip", Size: 1, SHA256: [32]byte{1}},
	})
	check(err)
	return v.ID
}

// approve submits a version as Ada; the platform operator approves it.
func approve(p *superapp.Platform, v id.Version) {
	r, err := p.MiniPrograms.Submit(ctx, ada, v, "")
	check(err)
	_, err = p.Approvals.Decide(ctx, operator, r.ID, approval.Decision{Approve: true})
	check(err)
}

// released brings a version to everybody.
func released(p *superapp.Platform, of id.MiniProgram, number string) id.Version {
	v := uploaded(p, of, number)
	approve(p, v)
	_, err := p.MiniPrograms.Release(ctx, ada, v)
	check(err)
	return v
}

func ExampleService_Submit() {
	p, cards := described()
	v := uploaded(p, cards, "1.4.0")

	r, err := p.MiniPrograms.Submit(ctx, ada, v, "the first one")
	check(err)
	fmt.Println(r.Kind, "is", r.Status)

	_, err = p.MiniPrograms.EditNotes(ctx, ada, v, map[string]string{"en": "Pays for trams and ferries as well."})
	check(err)
	d, err := p.MiniPrograms.Version(ctx, ada, v)
	check(err)
	fmt.Println("after a change it is", d.Requests[0].Status, "and the version", d.Status)
	fmt.Println("Ada may", d.Moves)
	// Output:
	// version_release is in_review
	// after a change it is void and the version new
	// Ada may [submit]
}

func ExampleService_Grayscale() {
	p, cards := described()
	v := uploaded(p, cards, "1.4.0")
	approve(p, v)

	_, err := p.MiniPrograms.Pilot(ctx, ada, v)
	check(err)
	for _, percent := range []int{5, 50, 10} {
		_, err = p.MiniPrograms.Grayscale(ctx, ada, v, percent)
		fmt.Println(percent, err)
	}
	after, err := p.MiniPrograms.Release(ctx, ada, v)
	check(err)
	for _, step := range after.Progress {
		fmt.Println(step.Status, step.Percent)
	}
	// Output:
	// 5 <nil>
	// 50 <nil>
	// 10 miniprogram: grayscale: the share of the users only grows: it is 50 %, wanted 10 %
	// under_review 0
	// approved 0
	// pilot_testing 0
	// grayscale 5
	// grayscale 50
	// released 0
}

func ExampleService_CancelRelease() {
	p, cards := described()
	v := uploaded(p, cards, "1.4.0")
	approve(p, v)
	_, err := p.MiniPrograms.Grayscale(ctx, ada, v, 5)
	check(err)

	after, err := p.MiniPrograms.CancelRelease(ctx, ada, v, "it crashes")
	check(err)
	fmt.Println(after.Number, "is", after.Status)
	// Output: 1.4.0 is canceled
}

func ExampleService_RollBack() {
	p, cards := described()
	first := released(p, cards, "1.4.0")
	released(p, cards, "1.5.0")

	v, err := p.MiniPrograms.RollBack(ctx, ada, first, "1.5.0 crashes")
	check(err)
	fmt.Println(v.Number, "is", v.Status)
	_, err = p.MiniPrograms.RollBack(ctx, ada, uploaded(p, cards, "1.6.0"), "")
	fmt.Println(err)
	// Output:
	// 1.4.0 is released
	// miniprogram: roll back: the version was never released to everybody: roll back onto one that was
}

func ExampleService_TakeOffline() {
	p, cards := described()
	released(p, cards, "1.4.0")

	off, err := p.MiniPrograms.TakeOffline(ctx, ada, cards, "a leak")
	check(err)
	back, err := p.MiniPrograms.BringBack(ctx, ada, cards)
	check(err)
	fmt.Println(off.Status, back.Status)
	// Output: offline published
}

// The host keeps the release record, and asks nobody when a user comes.
func ExampleResolve() {
	p, cards := described()
	full := released(p, cards, "1.4.0")
	next := uploaded(p, cards, "1.5.0")
	approve(p, next)
	_, err := p.MiniPrograms.Grayscale(ctx, ada, next, 10)
	check(err)

	release, err := p.MiniPrograms.ReleaseOf(ctx, operator, cards)
	check(err)
	release.Testers = []string{"dee@people.example"}
	release.MiniProgram = id.MiniProgram{} // a new id is another one each time
	names := map[id.Version]string{full: "1.4.0", next: "1.5.0"}
	for _, u := range []miniprogram.User{
		miniprogram.NewUser("acc-dee", "Dee@people.example"), miniprogram.NewUser("acc-eve", ""), miniprogram.NewUser("acc-10", ""),
	} {
		v, _ := miniprogram.Resolve(release, u)
		fmt.Println(u.Key, "gets", names[v])
	}
	// Output:
	// acc-dee gets 1.5.0
	// acc-eve gets 1.4.0
	// acc-10 gets 1.4.0
}
