package miniprogram

import (
	"context"
	"encoding/binary"
	"math/bits"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/workspace"
)

// A Release is which versions of a mini program its users get (V6). It may be kept
// for as long as an outdated answer does no harm. Testers are personal data: it is
// for servers, or goes to clients without them.
type Release struct {
	MiniProgram id.MiniProgram `json:"mini_program"`
	// Candidate is the version in pilot testing or grayscale, zero for none.
	Candidate id.Version `json:"candidate"`
	// Percent is the share of the users who get Candidate: 0 in pilot testing.
	Percent int `json:"percent"`
	// Full is the version that everybody else gets, zero for none.
	Full id.Version `json:"full"`
	// Testers are the folded e-mails of those who get Candidate whatever the share,
	// sorted.
	Testers []string `json:"testers,omitempty"`
	// Offline says that the mini program was taken offline. Full is zero then;
	// testers still get a version that is in pilot testing.
	Offline bool `json:"offline"`
}

// ReleaseOf returns which versions of a mini program its users get, for
// [Resolve]. The caller needs version.view on it, and configuration.view since it
// tells who the testers are; a host asks as rbac.System. An archived one has no
// versions, and while its workspace or the tenant is disabled it is offline; in a
// removed one nobody is answered, by a *rbac.DeniedError. [ErrNotFound].
func (s *Service) ReleaseOf(ctx context.Context, actor rbac.Actor, p id.MiniProgram) (r Release, err error) {
	defer fault.Wrap(&err, "miniprogram: release of")
	err = s.store.View(ctx, func(ctx context.Context, reader Reader) error {
		facts, err := s.env.Authorize(ctx, reader, actor, rbac.ViewVersion, rbac.OnMiniProgram(p), ErrNotFound)
		if err != nil {
			return err
		}
		if err := s.env.Matrix.Check(actor, facts, rbac.ViewConfiguration, rbac.OnMiniProgram(p)); err != nil {
			return err
		}
		d, err := reader.Dossier(ctx, Subject{MiniProgram: p})
		if r = d.release(); max(facts.OwnerStatus, facts.TenantStatus) >= workspace.Disabled {
			r = Release{MiniProgram: p, Offline: true}
		}
		return err
	})
	if err != nil {
		return Release{}, err
	}
	return r, nil
}

// release returns which versions users get.
func (d Dossier) release() Release {
	r := Release{MiniProgram: d.MiniProgram.ID, Offline: d.MiniProgram.Status == Offline}
	if d.MiniProgram.Status == Archived {
		return r
	}
	r.Candidate, r.Percent = d.MiniProgram.Stages.Candidate, d.MiniProgram.Stages.Percent
	r.Testers = d.Profile.Configuration.Testers
	if full, _ := d.live(d.MiniProgram.Stages.Full); full.Status == Released {
		r.Full = full.ID
	}
	return r
}

// A User is somebody who asks for a mini program.
type User struct {
	// Key tells users apart for good, such as the host's id of the account; compared
	// byte by byte. One without a key is in no share of the users.
	Key string
	// Email is his verified address, folded as [NewUser] does; "" for none. By it he
	// is known as a tester.
	Email string
}

// NewUser returns the user with a key and a verified e-mail address, which need
// not be folded; one that is no address is left out.
func NewUser(key, email string) User {
	var p fault.Problems
	u := User{Key: key, Email: text.Email(&p, "email", email)}
	if len(p) > 0 {
		u.Email = ""
	}
	return u
}

// Buckets is how many buckets the users of a mini program are in; one percent is a
// hundredth of them.
const Buckets = 10_000

// Bucket returns the bucket of a user's key in a mini program, from 0 up to
// [Buckets]. Each mini program puts the same users into others. docs/resolve.md
// tells how to compute it elsewhere; it never changes.
func Bucket(p id.MiniProgram, key string) int {
	return int(uint64(hash(p.UUID, key)) * Buckets >> 32)
}

// Resolve returns the version that a user gets; false if he gets none (V6). It
// depends on nothing but its arguments: testers get the candidate, and so do users
// whose [Bucket] is in the share; whoever is in a share is in every greater one.
func Resolve(r Release, u User) (id.Version, bool) {
	if !r.Candidate.IsZero() && (r.tester(u.Email) || r.shares(u.Key)) {
		return r.Candidate, true
	}
	return r.Full, !r.Full.IsZero()
}

// shares reports whether a user gets the candidate by the share.
func (r *Release) shares(key string) bool {
	return r.Percent > 0 && key != "" && Bucket(r.MiniProgram, key) < r.Percent*(Buckets/100)
}

// tester reports whether a folded address is a tester's.
func (r *Release) tester(email string) bool {
	if email == "" {
		return false
	}
	// Why not slices.BinarySearch: it compares twice at each step.
	low, high := 0, len(r.Testers)
	for low < high {
		if middle := int(uint(low+high) >> 1); r.Testers[middle] < email {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low < len(r.Testers) && r.Testers[low] == email
}

// hash returns MurmurHash3 (x86, 32 bits, seed 0) of the bytes of the id and then
// those of the key.
func hash(p id.UUID, key string) uint32 {
	h := uint32(0)
	for i := 0; i < len(p); i += 4 {
		h = mix(h, binary.LittleEndian.Uint32(p[i:]))
	}
	return murmur(h, len(p), key)
}

// murmur finishes a MurmurHash3 whose state is h after n bytes, a multiple of
// four; at first the state is the seed.
func murmur(h uint32, n int, rest string) uint32 {
	n += len(rest)
	for ; len(rest) >= 4; rest = rest[4:] {
		h = mix(h, uint32(rest[0])|uint32(rest[1])<<8|uint32(rest[2])<<16|uint32(rest[3])<<24)
	}
	var tail uint32
	for i := len(rest) - 1; i >= 0; i-- {
		tail = tail<<8 | uint32(rest[i])
	}
	h ^= scramble(tail) ^ uint32(n)
	h = (h ^ h>>16) * 0x85ebca6b
	h = (h ^ h>>13) * 0xc2b2ae35
	return h ^ h>>16
}

func scramble(k uint32) uint32 { return bits.RotateLeft32(k*0xcc9e2d51, 15) * 0x1b873593 }

func mix(h, k uint32) uint32 { return bits.RotateLeft32(h^scramble(k), 13)*5 + 0xe6546b64 }
