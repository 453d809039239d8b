package miniprogram_test

import (
	"fmt"

	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
)

func ExampleService_EditNotes() {
	p, cards := described()
	v := uploaded(p, cards, "1.4.0")

	after, err := p.MiniPrograms.EditNotes(ctx, ada, v, map[string]string{"en": "Trams and ferries.", "zh-hans": "电车和渡轮。"})
	check(err)
	fmt.Println(after.Notes["zh-Hans"])
	// Output: 电车和渡轮。
}

func ExampleService_Version() {
	p, cards := described()
	v := uploaded(p, cards, "1.4.0")
	approve(p, v)

	d, err := p.MiniPrograms.Version(ctx, ada, v)
	check(err)
	fmt.Println(d.Status, d.Requests[0].Status)
	fmt.Println(d.Moves)
	// Output:
	// approved approved
	// [pilot grayscale release cancel_release]
}

func ExampleService_Pilot() {
	p, cards := described()
	v := uploaded(p, cards, "1.4.0")

	_, err := p.MiniPrograms.Pilot(ctx, ada, v)
	fmt.Println(err)
	approve(p, v)
	after, err := p.MiniPrograms.Pilot(ctx, ada, v)
	check(err)
	fmt.Println(after.Status)
	// Output:
	// miniprogram: pilot: cannot pilot: the version is new, where one may submit
	// pilot_testing
}

func ExampleService_Release() {
	p, cards := described()
	released(p, cards, "1.4.0")
	released(p, cards, "1.5.0")

	all, err := p.MiniPrograms.Versions(ctx, ada, miniprogram.VersionFilter{MiniProgram: cards}, page.Request{})
	check(err)
	for _, v := range all.Items {
		fmt.Println(v.Number, v.Status)
	}
	// Output:
	// 1.4.0 superseded
	// 1.5.0 released
}

// The host keeps the record for as long as an outdated answer does no harm, and
// asks nobody when a user comes.
func ExampleService_ReleaseOf() {
	p, cards := described()
	v := released(p, cards, "1.4.0")

	r, err := p.MiniPrograms.ReleaseOf(ctx, operator, cards)
	check(err)
	got, ok := miniprogram.Resolve(r, miniprogram.User{Key: "user-7"})
	fmt.Println(ok, got == v)
	// Output: true true
}

// What is to come back is what was reviewed.
func ExampleService_BringBack() {
	p, cards := described()
	released(p, cards, "1.4.0")
	_, err := p.MiniPrograms.TakeOffline(ctx, ada, cards, "a leak")
	check(err)

	check(p.MiniPrograms.DeleteLogo(ctx, ada, cards))
	_, err = p.MiniPrograms.BringBack(ctx, ada, cards)
	fmt.Println(err)
	// Output: miniprogram: bring back: what was reviewed has been changed since: submit the version again
}
