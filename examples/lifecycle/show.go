package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strings"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
)

// everything is a page with as many items as there can be.
var everything = page.Request{Size: page.MaxSize}

// logo draws a square.
func logo() []byte {
	square := image.NewRGBA(image.Rect(0, 0, 128, 128))
	draw.Draw(square, square.Bounds(), image.NewUniform(color.RGBA{R: 0xd0, G: 0x8a, B: 0x3c, A: 0xff}), image.Point{}, draw.Src)
	var b bytes.Buffer
	if err := png.Encode(&b, square); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}

// show tells the state of the mini program, and what its owner may do now.
func (s *story) show(ctx context.Context) error {
	p, err := s.MiniPrograms.Page(ctx, s.mira, s.program)
	if err != nil {
		return err
	}
	var have []string
	for _, f := range p.Features {
		have = append(have, f.Name)
	}
	s.did("State: %s; features: %s", p.Status, strings.Join(have, ", "))
	s.did("Open to %s: %s", s.data.Merchant.Admin.Name, join(p.Actions))
	versions, err := s.MiniPrograms.Versions(ctx, s.mira, miniprogram.VersionFilter{MiniProgram: s.program}, everything)
	for _, v := range versions.Items {
		s.did("Version %s: %s", v.Number, v.Status)
	}
	return err
}

// missing tells what is to be filled in before the first submission.
func (s *story) missing(ctx context.Context) error {
	p, err := s.MiniPrograms.Page(ctx, s.mira, s.program)
	if err != nil {
		return err
	}
	gaps := make([]string, len(p.Missing))
	for i, g := range p.Missing {
		gaps[i] = g.String()
	}
	if len(gaps) == 0 {
		gaps = []string{"nothing"}
	}
	s.did("%s, %s: missing %s", p.Name, p.Status, strings.Join(gaps, ", "))
	return nil
}

// readers tells what people read who prefer other languages.
func (s *story) readers(ctx context.Context) error {
	for _, languages := range s.data.Readers {
		p, err := s.MiniPrograms.Page(ctx, s.mira, s.program, languages)
		if err != nil {
			return err
		}
		s.did("Whoever reads %q sees %s (%s).", languages, p.Best.Name, p.Best.Language)
	}
	return nil
}

// users tells how many users get which version: the release is read once, and
// then asked for each of them.
func (s *story) users(ctx context.Context) error {
	release, err := s.MiniPrograms.ReleaseOf(ctx, s.operator, s.program)
	if err != nil {
		return err
	}
	counts := map[id.Version]int{}
	for n := range s.data.Users {
		got, _ := miniprogram.Resolve(release, miniprogram.User{Key: fmt.Sprint("user-", n)})
		counts[got]++
	}
	var parts []string
	for _, v := range append([]id.Version{{}}, s.versions...) {
		if n := counts[v]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d get %s", n, s.name(v)))
		}
	}
	tester := "nobody"
	if len(release.Testers) > 0 {
		got, _ := miniprogram.Resolve(release, miniprogram.NewUser("tester", release.Testers[0]))
		tester = s.name(got)
	}
	stage := "to everybody"
	switch {
	case release.Percent > 0:
		stage = fmt.Sprintf("at %d %%", release.Percent)
	case !release.Candidate.IsZero():
		stage = "in pilot testing"
	}
	s.did("%-16s of %d users %s; a tester gets %s", stage+":", s.data.Users, strings.Join(parts, ", "), tester)
	return nil
}

// name is the number of a version.
func (s *story) name(v id.Version) string {
	if v.IsZero() {
		return "none"
	}
	return s.numbers[v]
}

// progress tells what became of a version.
func (s *story) progress(ctx context.Context, version id.Version) error {
	v, err := s.MiniPrograms.Version(ctx, s.mira, version)
	var steps []string
	for _, step := range v.Progress {
		text := string(step.Status)
		if step.Percent > 0 {
			text += fmt.Sprintf(" %d %%", step.Percent)
		}
		steps = append(steps, text)
	}
	s.did("Progress of %s: %s", v.Number, strings.Join(steps, ", "))
	return err
}

// verify proves the trails of both workspaces.
func (s *story) verify(ctx context.Context) error {
	for _, w := range []id.Workspace{s.wallet, s.bakery} {
		head, err := s.Audit.Verify(ctx, s.operator, w)
		if err != nil {
			return err
		}
		s.did("%d events of %s, unbroken.", head.Seq, w)
	}
	return nil
}

// join writes words as a list.
func join[S ~string](words []S) string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = string(w)
	}
	return strings.Join(list, ", ")
}
