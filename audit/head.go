package audit

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
)

// A Head is the end of a workspace's chain. Its text, which [Head.MarshalText]
// gives, is what to note elsewhere.
type Head struct {
	Workspace id.Workspace
	// Seq and Hash are those of the last event, zero before the first.
	Seq  uint64
	Hash [32]byte
	// At is the time of the last event. It is not part of the text.
	At time.Time
}

// equal reports whether two heads are the same.
func (h Head) equal(o Head) bool {
	return h.Seq == o.Seq && h.Hash == o.Hash && h.At.Equal(o.At)
}

// agrees returns a *[BrokenError] if a head of the same place was noted
// otherwise.
func (h Head) agrees(noted []Head) error {
	for _, n := range noted {
		if n.Seq == h.Seq && n.Hash != h.Hash {
			return &BrokenError{Workspace: h.Workspace, Seq: h.Seq, What: "not what was noted"}
		}
	}
	return nil
}

// reaches returns a *[BrokenError] if the chain ends before a noted head.
func (h Head) reaches(noted []Head) error {
	for _, n := range noted {
		if n.Seq > h.Seq {
			return &BrokenError{Workspace: h.Workspace, Seq: h.Seq + 1, What: "cut"}
		}
	}
	return nil
}

// ErrHead is the error for text that is no head, or a head of another workspace.
var ErrHead = fault.Define(fault.ErrInvalid, "audit.head", "not a head of this workspace's audit trail")

// MarshalText returns the workspace, the number of events and the hash, joined
// by colons: 36 characters, a number, and 64.
func (h Head) MarshalText() ([]byte, error) {
	return fmt.Appendf(nil, "%s:%d:%x", h.Workspace, h.Seq, h.Hash), nil
}

// UnmarshalText reads what [Head.MarshalText] wrote; the error is [ErrHead].
func (h *Head) UnmarshalText(text []byte) error {
	parts := strings.Split(string(text), ":")
	if len(parts) != 3 {
		return ErrHead
	}
	w, errW := id.Parse(parts[0])
	seq, errSeq := strconv.ParseUint(parts[1], 10, 64)
	hash, errHash := hex.DecodeString(parts[2])
	if errW != nil || errSeq != nil || errHash != nil || len(hash) != len(h.Hash) {
		return ErrHead
	}
	*h = Head{Workspace: id.Workspace{UUID: w}, Seq: seq, Hash: [32]byte(hash)}
	return nil
}
