package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
)

// createMiniPrograms lets each workspace's admin create its mini programs and
// upload their versions.
func (s *story) createMiniPrograms(ctx context.Context) error {
	s.out.chapter("Mini programs are created, and versions uploaded")
	for _, w := range s.data.workspaces() {
		stored, err := page.Collect(page.All(ctx, s.MiniPrograms.List, w.Admin.actor(), miniprogram.Filter{Workspace: s.workspaces[w.Name]}))
		if err != nil {
			return err
		}
		for i, mp := range w.MiniPrograms {
			if err := s.createMiniProgram(ctx, w, mp, stored); err != nil {
				return at(fmt.Sprintf("%s.mini_programs[%d]", w.path, i), err)
			}
		}
	}
	return nil
}

func (s *story) createMiniProgram(ctx context.Context, w *Workspace, mp MiniProgram, stored []miniprogram.Details) error {
	note := s.out.kept
	if i := slices.IndexFunc(stored, func(d miniprogram.Details) bool { return d.Name == string(mp.Name) }); i >= 0 {
		s.programs[mp.Name] = stored[i].ID
	} else {
		made, err := s.MiniPrograms.Create(ctx, w.Admin.actor(), miniprogram.Create{
			Workspace: s.workspaces[w.Name], Type: mp.Type, Language: mp.Language, Name: string(mp.Name),
		})
		if err != nil {
			return err
		}
		s.programs[mp.Name] = made.ID
		note = s.out.did
	}
	uploaded, err := s.uploadVersions(ctx, w, mp)
	if uploaded {
		note = s.out.did
	}
	note(string(mp.Name), "of "+string(w.Name), string(mp.Type)+", "+mp.Language, "versions: "+join(mp.Versions))
	return err
}

// uploadVersions registers the versions that are not there yet.
func (s *story) uploadVersions(ctx context.Context, w *Workspace, mp MiniProgram) (uploaded bool, err error) {
	program := s.programs[mp.Name]
	stored, err := page.Collect(page.All(ctx, s.MiniPrograms.Versions, w.Admin.actor(), miniprogram.VersionFilter{MiniProgram: program}))
	if err != nil {
		return false, err
	}
	for i, number := range mp.Versions {
		if slices.ContainsFunc(stored, func(v miniprogram.Version) bool { return v.Number == number }) {
			continue
		}
		_, err := s.MiniPrograms.UploadVersion(ctx, w.Admin.actor(), miniprogram.Upload{
			MiniProgram: program, Number: number, Package: packageOf(program, number),
			JSAPIs: []string{"getLocation", "tradePay"},
		})
		if err != nil {
			return uploaded, at(fmt.Sprintf("versions[%d]", i), err)
		}
		uploaded = true
	}
	return uploaded, nil
}

// packageOf stands for the code that a host has received and stored: the
// platform keeps only what identifies it.
func packageOf(program id.MiniProgram, number string) miniprogram.Package {
	content := []byte("the code of " + program.String() + " " + number)
	return miniprogram.Package{
		Reference: "packages/" + program.String() + "/" + number + ".zip",
		Size:      int64(len(content)), SHA256: sha256.Sum256(content),
	}
}
