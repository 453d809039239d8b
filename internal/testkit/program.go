package testkit

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"testing"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/superapptest"
)

// Complete fills in all that a mini program needs before a version of it may be
// submitted, as the platform operator.
func Complete(t testing.TB, k *superapptest.Kit, p id.MiniProgram) {
	t.Helper()
	ctx := context.Background()
	found, err := k.MiniPrograms.Get(ctx, superapptest.System, p)
	must(t, "get", err)
	_, err = k.MiniPrograms.SetInformation(ctx, superapptest.System, p, miniprogram.Information{
		Language: found.Language, Name: found.Name, Tagline: "Cups and cards", Description: "All that a town drinks in the morning.",
		Keywords: []string{"coffee"},
	})
	must(t, "set its information", err)
	edit := miniprogram.ProfileEdit{
		Category: "Food", Regions: []string{"SG"}, Contacts: []miniprogram.Contact{{Kind: "email", Value: "help@coffee.example"}},
	}
	if found.Type == miniprogram.H5 {
		edit.Entrance = "https://coffee.example/"
	}
	_, err = k.MiniPrograms.SetProfile(ctx, superapptest.System, p, edit)
	must(t, "set its profile", err)
	var logo bytes.Buffer
	must(t, "draw a logo", png.Encode(&logo, image.NewGray(image.Rect(0, 0, 64, 64))))
	_, err = k.MiniPrograms.SetLogo(ctx, superapptest.System, p, logo.Bytes())
	must(t, "set its logo", err)
}

// Upload uploads a version with a release note, as the platform operator.
func Upload(t testing.TB, k *superapptest.Kit, p id.MiniProgram, number string, jsapis ...string) id.Version {
	t.Helper()
	found, err := k.MiniPrograms.Get(context.Background(), superapptest.System, p)
	must(t, "get", err)
	v, err := k.MiniPrograms.UploadVersion(context.Background(), superapptest.System, miniprogram.Upload{
		MiniProgram: p, Number: number, JSAPIs: jsapis, Notes: map[string]string{found.Language: "Better."},
		Package: miniprogram.Package{Reference: "packages/" + number + ".zip", Size: 1 << 20, SHA256: [32]byte{1}},
	})
	must(t, "upload", err)
	return v.ID
}

// Approve submits a version and approves its release, as the platform operator
// through the platform that is given.
func Approve(t testing.TB, p *superapp.Platform, v id.Version) {
	t.Helper()
	r, err := p.MiniPrograms.Submit(context.Background(), superapptest.System, v, "")
	must(t, "submit", err)
	_, err = p.Approvals.Decide(context.Background(), superapptest.System, r.ID, approval.Decision{Approve: true})
	must(t, "approve", err)
}

// Release uploads a version and brings it to everybody.
func Release(t testing.TB, k *superapptest.Kit, p id.MiniProgram, number string, jsapis ...string) id.Version {
	t.Helper()
	v := Upload(t, k, p, number, jsapis...)
	Approve(t, k.Platform, v)
	_, err := k.MiniPrograms.Release(context.Background(), superapptest.System, v)
	must(t, "release", err)
	return v
}

func must(t testing.TB, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// Panics is for steps in functions that have no test at hand: it panics where a
// test would fail.
var Panics testing.TB = panicking{}

type panicking struct{ testing.TB }

func (panicking) Helper() {}

func (panicking) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
