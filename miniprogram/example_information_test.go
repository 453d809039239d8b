package miniprogram_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"

	"github.com/superapp-go/superapp/miniprogram"
)

func ExampleService_SetInformation() {
	p, tenant := town()
	cards := shops(p, tenant, "Travel Cards")[0]

	_, err := p.MiniPrograms.SetInformation(ctx, ada, cards, miniprogram.Information{Language: "zh-hans", Name: "旅行卡", Tagline: "一张卡走遍全城"})
	check(err)
	d, err := p.MiniPrograms.Page(ctx, ada, cards, "zh-CN, en;q=0.5")
	check(err)
	fmt.Println(d.Best.Language, d.Best.Name)

	_, err = p.MiniPrograms.SetInformation(ctx, ada, cards, miniprogram.Information{Language: "fr", Name: "Ca", Tagline: "Une carte"})
	fmt.Println(err)
	// Output:
	// zh-Hans 旅行卡
	// miniprogram: set information: name: want at least 3 characters, got 2; tagline: want at least 10 characters, got 9
}

func ExampleService_DeleteInformation() {
	p, tenant := town()
	cards := shops(p, tenant, "Travel Cards")[0]
	_, err := p.MiniPrograms.SetInformation(ctx, ada, cards, miniprogram.Information{Language: "fr", Name: "Cartes de voyage"})
	check(err)

	check(p.MiniPrograms.DeleteInformation(ctx, ada, cards, "fr"))
	fmt.Println(p.MiniPrograms.DeleteInformation(ctx, ada, cards, "en"))
	// Output:
	// miniprogram: delete information: the default language is not deletable: change what is said in it
}

func ExampleService_SetProfile() {
	p, tenant := town()
	cards := shops(p, tenant, "Travel Cards")[0]

	set, err := p.MiniPrograms.SetProfile(ctx, ada, cards, miniprogram.ProfileEdit{
		Category: "Travel",
		Regions:  []string{"SG", "MYS"},
		Contacts: []miniprogram.Contact{{Kind: "email", Value: "Help@Cards.example"}},
	})
	check(err)
	fmt.Println(set.Regions, set.Contacts)
	// Output: [MY SG] [{email help@cards.example}]
}

// square draws a logo.
func square(side int) []byte {
	var b bytes.Buffer
	check(png.Encode(&b, image.NewGray(image.Rect(0, 0, side, side))))
	return b.Bytes()
}

func ExampleService_SetLogo() {
	p, tenant := town()
	cards := shops(p, tenant, "Travel Cards")[0]

	l, err := p.MiniPrograms.SetLogo(ctx, ada, cards, square(256))
	check(err)
	fmt.Println(l.Format, l.Side)

	_, err = p.MiniPrograms.SetLogo(ctx, ada, cards, []byte("GIF89a"))
	fmt.Println(err)
	// Output:
	// png 256
	// miniprogram: set logo: logo: want PNG or JPEG, got GIF
}

func ExampleService_Logo() {
	p, tenant := town()
	cards := shops(p, tenant, "Travel Cards")[0]
	_, err := p.MiniPrograms.SetLogo(ctx, ada, cards, square(256))
	check(err)

	data, l, err := p.MiniPrograms.Logo(ctx, ada, cards)
	check(err)
	fmt.Println("image/"+l.Format, len(data) == l.Size)

	check(p.MiniPrograms.DeleteLogo(ctx, ada, cards))
	_, _, err = p.MiniPrograms.Logo(ctx, ada, cards)
	fmt.Println(err)
	// Output:
	// image/png true
	// miniprogram: logo: the mini program has no logo
}

func ExampleService_Configure() {
	p, tenant := town()
	cards := shops(p, tenant, "Travel Cards")[0]

	set, err := p.MiniPrograms.Configure(ctx, ada, cards, miniprogram.Configuration{
		ClientID: "client-7",
		Servers:  []string{"https://API.cards.example", "wss://push.cards.example"},
		WebViews: []string{"*.bücher.example"},
		Testers:  []string{"Dee@people.example"},
	})
	check(err)
	fmt.Println(set.Servers, set.WebViews, set.Testers)

	_, err = p.MiniPrograms.Configure(ctx, ada, cards, miniprogram.Configuration{Servers: []string{"10.0.0.1"}})
	fmt.Println(err)
	// Output:
	// [api.cards.example wss://push.cards.example] [*.xn--bcher-kva.example] [dee@people.example]
	// miniprogram: configure: servers[0]: want a domain, not an IP address, got "10.0.0.1"
}

// A name that looks like another is refused, or stored so that it does not.
func ExampleCheckDomain() {
	_, err := miniprogram.CheckDomain("аpple.example", miniprogram.DomainRules{}) // the first letter is Cyrillic
	fmt.Println(err)
	all, err := miniprogram.CheckDomain("аррӏе.example", miniprogram.DomainRules{}) // all letters are
	fmt.Println(all, err)
	// Output:
	// domain: want labels of one script each: this one could pass for another, got "аpple.example"
	// xn--80ak6aa92e.example <nil>
}

func ExampleService_Page() {
	p, tenant := town()
	cards := shops(p, tenant, "Travel Cards")[0]

	d, err := p.MiniPrograms.Page(ctx, ada, cards, "en-GB")
	check(err)
	fmt.Println(d.Best.Name, d.Status)
	fmt.Println("tabs:", d.Tabs)
	fmt.Println("missing:", d.Missing)
	// Output:
	// Travel Cards in_development
	// tabs: [information versions team features qr_codes configuration]
	// missing: [category regions contacts logo tagline in en description in en keywords in en]
}
