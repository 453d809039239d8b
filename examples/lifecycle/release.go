package main

import (
	"context"
	"crypto/sha256"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/miniprogram"
)

func (s *story) releaseFirst(ctx context.Context) error {
	if err := s.review(ctx, s.data.Versions[0]); err != nil {
		return err
	}
	return s.roll(ctx, s.data.Versions[0])
}

// releaseNext releases the other versions, and goes back to the first one.
func (s *story) releaseNext(ctx context.Context) error {
	for _, v := range s.data.Versions[1:] {
		if err := s.review(ctx, v); err != nil {
			return err
		}
		if err := s.roll(ctx, v); err != nil {
			return err
		}
	}
	if _, err := s.MiniPrograms.RollBack(ctx, s.mira, s.versions[0], "complaints about the new one"); err != nil {
		return err
	}
	s.did("Rolled back to %s.", s.data.Versions[0].Number)
	return s.show(ctx)
}

// review uploads a version, submits it and has it approved.
func (s *story) review(ctx context.Context, v Version) error {
	uploaded, err := s.MiniPrograms.UploadVersion(ctx, s.mira, miniprogram.Upload{
		MiniProgram: s.program, Number: v.Number, JSAPIs: v.JSAPIs, Notes: v.Notes,
		Package: miniprogram.Package{Reference: "packages/" + v.Number, Size: 1 << 20, SHA256: sha256.Sum256([]byte(v.Number))},
	})
	if err != nil {
		return err
	}
	s.versions = append(s.versions, uploaded.ID)
	s.numbers[uploaded.ID] = v.Number
	s.did("%s is uploaded.", v.Number)
	request, err := s.MiniPrograms.Submit(ctx, s.mira, uploaded.ID, "ready for customers")
	if err != nil {
		return err
	}
	s.did("%s asks for its release: %s", s.data.Merchant.Admin.Name, request.Status)
	return s.decide(ctx, request.ID)
}

// roll takes the version that was uploaded last from its testers to everybody.
func (s *story) roll(ctx context.Context, v Version) error {
	version := s.versions[len(s.versions)-1]
	if _, err := s.MiniPrograms.Pilot(ctx, s.mira, version); err != nil {
		return err
	}
	if err := s.users(ctx); err != nil {
		return err
	}
	for _, percent := range v.Percentages {
		if _, err := s.MiniPrograms.Grayscale(ctx, s.mira, version, percent); err != nil {
			return err
		}
		if err := s.users(ctx); err != nil {
			return err
		}
	}
	if _, err := s.MiniPrograms.Release(ctx, s.mira, version); err != nil {
		return err
	}
	if err := s.users(ctx); err != nil {
		return err
	}
	return s.progress(ctx, version)
}

// remove has the removal approved, and removes the mini program.
func (s *story) remove(ctx context.Context) error {
	request, err := s.MiniPrograms.RequestRemoval(ctx, s.mira, s.program, "the shop closes")
	if err != nil {
		return err
	}
	if err := s.decide(ctx, request.ID); err != nil {
		return err
	}
	if _, err := s.MiniPrograms.Remove(ctx, s.mira, s.program, "the shop closes"); err != nil {
		return err
	}
	if err := s.show(ctx); err != nil {
		return err
	}
	mine, err := s.Approvals.Mine(ctx, s.mira, approval.Filter{}, everything)
	if err != nil {
		return err
	}
	for _, r := range mine.Items {
		s.did("Request of %s: %s, %s", s.data.Merchant.Admin.Name, r.Kind, r.Status)
	}
	return nil
}
