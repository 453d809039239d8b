package member

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
)

// A bulk is a bulk invitation on its way: its rows, read and checked, and what
// has become of each.
type bulk struct {
	Bulk
	rows     []invitee
	verdicts []BulkVerdict
	// digest tells these rows from others.
	digest [32]byte
}

// read reads all the rows: only then is it known which addresses are there twice,
// and whether the key is that of other rows.
func (s *BulkService) read(in Bulk, needsKey bool) (*bulk, error) {
	var p fault.Problems
	if in.Rows == nil {
		p.Add("rows", "required", "want the rows of the invitation")
	}
	if in.Key == "" && needsKey {
		p.Add("key", "required", "want a key that names this run, so that it is continued and not repeated")
	}
	if len(in.Key) > MaxBulkKey || !utf8.ValidString(in.Key) {
		p.Add("key", "malformed", fmt.Sprintf("want at most %d bytes of valid UTF-8", MaxBulkKey))
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	b := &bulk{Bulk: in}
	most, seen, sum := MaxBulk, map[string]int{}, sha256.New()
	if in.All {
		most = MaxBulkAll
	}
	for row, err := range in.Rows {
		if len(b.rows) == most {
			return nil, fmt.Errorf("%w: want at most %d", ErrBatchSize, most)
		}
		if at, ok := errors.AsType[*CSVError](err); err != nil && (!errors.Is(err, fault.ErrInvalid) || ok && at.Ends) {
			return nil, err
		}
		f := s.members.newInvitee(row.Invite, in.Workspace)
		if err != nil {
			f.err = err
		}
		if first, twice := seen[f.Email]; f.err == nil && twice {
			f.err = &DuplicateError{Line: b.verdicts[first].Line}
		} else if f.err == nil {
			seen[f.Email] = len(b.rows)
		}
		if err := json.NewEncoder(sum).Encode([]any{f.Email, f.Name, f.Role, f.programs, f.err != nil}); err != nil {
			return nil, err
		}
		b.rows = append(b.rows, f)
		b.verdicts = append(b.verdicts, BulkVerdict{Line: row.Line, State: BulkPending})
	}
	if len(b.rows) == 0 {
		return nil, fault.Invalid("rows", "required", "want at least one row")
	}
	sum.Sum(b.digest[:0])
	return b, nil
}

// lookupPart is how many mini programs one statement asks for: a thousand rows may name
// more than an engine takes.
const lookupPart = 1000

// lookupInParts is Lookup for any number of mini programs.
func lookupInParts(ctx context.Context, r Reader, l Lookup) (found Found, err error) {
	all := slices.Clone(l.Programs)
	slices.SortFunc(all, func(a, b id.MiniProgram) int { return a.Compare(b.UUID) })
	all = slices.Compact(all)
	l.Programs = all[:min(len(all), lookupPart)]
	if found, err = r.Lookup(ctx, l); err != nil {
		return found, err
	}
	for part := range slices.Chunk(all[len(l.Programs):], lookupPart) {
		more, err := r.Lookup(ctx, Lookup{Workspace: l.Workspace, Programs: part})
		if err != nil {
			return found, err
		}
		found.Programs = append(found.Programs, more.Programs...)
	}
	return found, nil
}

// progress tells how far it has come.
func (b *bulk) progress() BulkProgress {
	p := BulkProgress{Total: len(b.verdicts)}
	for _, v := range b.verdicts {
		switch v.State {
		case BulkSent, BulkEarlier:
			p.Sent++
		case BulkRefused:
			p.Refused++
		}
	}
	p.Done = p.Sent + p.Refused
	return p
}

// sentBy returns the verdicts on the rows from..to that earlier runs have sent, by
// their place.
func sentBy(run Run) map[int]id.Member {
	sent := map[int]id.Member{}
	for _, r := range run.Sent {
		sent[r.Row] = r.Member
	}
	return sent
}
