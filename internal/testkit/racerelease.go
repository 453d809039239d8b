package testkit

import (
	"fmt"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

// uploads are versions of the merchant's mini program, which is ready for review.
func (r *race) uploads(n int) (all []id.Version) {
	r.Helper()
	Complete(r.T, r.Kit, r.Shop)
	for i := range n {
		all = append(all, Upload(r.T, r.Kit, r.Shop, fmt.Sprintf("1.%d.0", i)))
	}
	return all
}

// in counts the merchant's versions in a status.
func (r *race) in(st miniprogram.VersionStatus) int {
	r.Helper()
	f := miniprogram.VersionFilter{MiniProgram: r.Shop, Statuses: []miniprogram.VersionStatus{st}}
	p, err := r.MiniPrograms.Versions(r.Context(), superapptest.System, f, page.Request{})
	r.ok(err)
	return len(p.Items)
}

func oneIsReviewed(r *race) {
	versions := r.uploads(3)
	r.one(func(i int, p *superapp.Platform) error {
		_, err := p.MiniPrograms.Submit(r.Context(), r.As(rbac.DeveloperAdmin), versions[i%len(versions)], "")
		return err
	}, miniprogram.ErrMove, miniprogram.ErrOtherVersion)
	r.same("how many are under review", r.in(miniprogram.UnderReview), 1)
	r.same("how many are new", r.in(miniprogram.VersionNew), len(versions)-1)
}

func oneIsReleased(r *race) {
	versions := r.uploads(2)
	for _, v := range versions {
		Approve(r.T, r.Platform, v)
	}
	won := r.run(func(i int, p *superapp.Platform) error {
		_, err := p.MiniPrograms.Release(r.Context(), r.As(rbac.DeveloperAdmin), versions[i/3%2])
		return err
	}, miniprogram.ErrMove, miniprogram.ErrLower)
	if n := len(won); n < 1 || n > 2 { // the greater one first, or both in turn
		r.Fatalf("%d releases were made, want 1 or 2", n)
	}
	r.same("how many are released", r.in(miniprogram.Released), 1)
	r.same("how many were superseded", r.in(miniprogram.Superseded), len(won)-1)
	d, err := r.MiniPrograms.Get(r.Context(), superapptest.System, r.Shop)
	r.ok(err)
	r.same("what everybody gets", d.Stages, miniprogram.Stages{Full: versions[1]})
}

func oneEndsTheRelease(r *race) {
	v := r.uploads(1)[0]
	Approve(r.T, r.Platform, v)
	_, err := r.MiniPrograms.Grayscale(r.Context(), superapptest.System, v, 1)
	r.ok(err)
	winner := r.one(func(i int, p *superapp.Platform) (err error) {
		if i/3%2 == 0 {
			_, err = p.MiniPrograms.Release(r.Context(), r.As(rbac.DeveloperAdmin), v)
		} else {
			_, err = p.MiniPrograms.CancelRelease(r.Context(), r.As(rbac.DeveloperAdmin), v, "")
		}
		return err
	}, fault.ErrState)
	want := miniprogram.Released
	if winner/3%2 == 1 {
		want = miniprogram.Canceled
	}
	r.same("how many ended so", r.in(want), 1)
}
