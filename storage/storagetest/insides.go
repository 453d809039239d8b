package storagetest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/workspace"
)

// An inside is what a mini program has that lists do not show.
type inside struct {
	of          program
	profile     miniprogram.Profile
	information []miniprogram.Information
	logo        []byte
	attached    []miniprogram.Attached
}

func (i inside) insert(ctx context.Context, tx storage.Tx) error {
	err := errors.Join(tx.PutProfile(ctx, i.of.ID, i.profile), tx.PutLogo(ctx, i.of.ID, i.logo))
	for _, said := range i.information {
		err = errors.Join(err, tx.PutInformation(ctx, i.of.MiniProgram, said))
	}
	for _, f := range i.attached {
		err = errors.Join(err, tx.Attach(ctx, i.of.ID, f.ID, f.AttachedAt))
	}
	return err
}

// inside makes the inside of a mini program, with what is said of it in its own
// language and in another.
func (b *bench) inside(p program, features ...feature.Feature) inside {
	said := p.information()
	said.Tagline, said.Description, said.Keywords = "Pay at the table", "Orders and pays, at the table.", []string{"pay", "bill"}
	i := inside{of: p, profile: someProfile(), logo: []byte{0x89, 'P', 'N', 'G', 0, 255, 13, 10}, information: []miniprogram.Information{
		said, {Language: "zh-Hans", Name: "小店" + p.Name, NameKey: "小店" + p.NameKey},
	}}
	for _, f := range features {
		i.attached = append(i.attached, miniprogram.Attached{Feature: f, AttachedAt: now})
	}
	return i
}

// information is what is said of a mini program from the beginning.
func (p program) information() miniprogram.Information {
	return miniprogram.Information{Language: p.Language, Name: p.Name, NameKey: p.NameKey}
}

// dossier is how a mini program is read with its inside, apart from its versions
// and requests.
func (i inside) dossier() miniprogram.Dossier {
	byLanguage := func(a, b miniprogram.Information) int { return strings.Compare(a.Language, b.Language) }
	return miniprogram.Dossier{
		MiniProgram: i.of.MiniProgram, Profile: i.profile,
		Information: slices.SortedFunc(slices.Values(i.information), byLanguage),
		Features: kept(i.attached, func(miniprogram.Attached) bool { return true },
			func(a miniprogram.Attached) id.UUID { return a.ID.UUID }),
	}
}

func (i inside) clone() inside {
	i.logo, i.information, i.attached = bytes.Clone(i.logo), slices.Clone(i.information), slices.Clone(i.attached)
	for k := range i.information {
		i.information[k].Keywords = slices.Clone(i.information[k].Keywords)
	}
	for k := range i.attached {
		f := &i.attached[k].Feature
		f.JSAPIs, f.Shared = slices.Clone(f.JSAPIs), slices.Clone(f.Shared)
	}
	i.profile = cloneProfile(i.profile)
	return i
}

func cloneProfile(f miniprogram.Profile) miniprogram.Profile {
	f.Regions, f.Contacts = slices.Clone(f.Regions), slices.Clone(f.Contacts)
	c := &f.Configuration
	c.Servers, c.WebViews, c.Testers = slices.Clone(c.Servers), slices.Clone(c.WebViews), slices.Clone(c.Testers)
	return f
}

func (i inside) spoil() {
	spoilAll(i.logo)
	for _, said := range i.information {
		spoilAll(said.Keywords)
	}
	for _, f := range i.attached {
		spoilAll(f.JSAPIs)
		spoilAll(f.Shared)
	}
	spoilProfile(i.profile)
}

func spoilProfile(f miniprogram.Profile) {
	spoilAll(f.Regions, f.Configuration.Servers, f.Configuration.WebViews, f.Configuration.Testers)
	spoilAll(f.Contacts)
}

func someProfile() miniprogram.Profile {
	return miniprogram.Profile{
		Category: "food", Regions: []string{"DE", "SG"}, Entrance: "https://shop.example/start",
		Contacts: []miniprogram.Contact{{Kind: "phone", Value: "+65 1234"}, {Kind: "email", Value: "help@shop.example"}},
		Logo:     miniprogram.Logo{SHA256: [32]byte{7, 0, 255}, Format: "png", Size: 8, Side: 512},
		Configuration: miniprogram.Configuration{
			ClientID: "client-1", MerchantID: "merchant-1", Servers: []string{"*.shop.example", "api.shop.example"},
			WebViews: []string{"www.shop.example"}, Testers: []string{"tess@shop.example", "tom@shop.example"},
		},
	}
}

// A set is what a workspace sets.
type set struct {
	of id.Workspace
	workspace.Settings
}

func someSettings() workspace.Settings {
	return workspace.Settings{
		Validity: 48*time.Hour + time.Second, MaxBatch: 7, Recipient: "unsafe_any_verified_email", RemovalPeriod: 90 * 24 * time.Hour,
		Security: workspace.Security{MinLength: 15, Lock: time.Hour, ResetValidity: 90 * time.Minute},
	}
}

// request makes the record of a request in review.
func (b *bench) request(w workspace.Workspace, k approval.Kind, o rbac.Object, change ...func(*approval.Request)) approval.Request {
	return changed(approval.Request{
		ID: id.Request{UUID: b.uuid()}, Kind: k, Status: approval.InReview, Workspace: w.ID, Tenant: w.Tenant, Object: o,
		Submitter: "u-submitter", Frozen: json.RawMessage(`{ "b":1.0,  "a":"\u00e9 é" }`), Digest: [32]byte{1, 0, 255},
		Reason: "Please.", SubmittedAt: now,
	}, change)
}

// ofProgram returns the change that makes a request be about a mini program.
func ofProgram(p program) func(*approval.Request) {
	return func(r *approval.Request) { r.MiniProgram = p.ID }
}

// decided returns the change that ends a request.
func decided(s approval.Status) func(*approval.Request) {
	return func(r *approval.Request) {
		r.Status, r.Decider, r.Answer, r.EndedAt = s, "u-decider", "So be it.", now.Add(time.Hour)
	}
}

// feature makes the record of a feature.
func (b *bench) feature(t workspace.Workspace, change ...func(*feature.Feature)) feature.Feature {
	f := feature.Feature{
		ID: id.Feature{UUID: b.uuid()}, Tenant: t.ID, Description: "Takes money.", JSAPIs: []string{"my.getAuthCode", "my.pay"},
		Access: feature.Direct, CreatedAt: now, UpdatedAt: now,
	}
	f.Name = "Payments " + f.ID.String()[:13]
	f.NameKey = strings.ToLower(f.Name)
	return changed(f, change)
}

// jsapi makes the record of a JSAPI.
func (b *bench) jsapi(t workspace.Workspace, change ...func(*feature.JSAPI)) feature.JSAPI {
	j := feature.JSAPI{
		ID: id.JSAPI{UUID: b.uuid()}, Tenant: t.ID, Description: "Pays.",
		Platforms: []feature.Platform{feature.Android, feature.HarmonyOS, feature.IOS}, CreatedAt: now, UpdatedAt: now,
	}
	j.Name = "my.pay." + j.ID.String()[:13]
	return changed(j, change)
}
