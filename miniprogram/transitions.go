package miniprogram

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

//go:generate go run ../internal/gen/transitions ../docs

// A Move brings a version from one status to another.
type Move string

// The moves. The last three are what becomes of a version by what is done to
// something else.
const (
	MoveSubmit        Move = "submit"
	MoveWithdraw      Move = "withdraw"
	MoveApprove       Move = "approve"
	MoveReject        Move = "reject"
	MovePilot         Move = "pilot"
	MoveGrayscale     Move = "grayscale"
	MoveGrow          Move = "grow"
	MoveRelease       Move = "release"
	MoveCancelRelease Move = "cancel_release"
	MoveRollBack      Move = "roll_back"
	MoveTakeOffline   Move = "take_offline"
	MoveBringBack     Move = "bring_back"
	MoveVoid          Move = "void"
	MoveSupersede     Move = "supersede"
	MoveDisplace      Move = "displace"
)

// moves says for each move the right that it takes, 0 if it is not for anybody to
// do; its event; and what happens.
var moves = map[Move]struct {
	right   rbac.Permission
	event   audit.Verb
	meaning string
}{
	MoveSubmit:        {rbac.SubmitVersion, EventSubmitted, "its release is submitted for approval"},
	MoveWithdraw:      {rbac.SubmitVersion, EventWithdrawn, "its request is withdrawn; removing the mini program does so too"},
	MoveApprove:       {rbac.DecideApproval, EventApproved, "its request is approved"},
	MoveReject:        {rbac.DecideApproval, EventRejected, "its request is rejected"},
	MovePilot:         {rbac.ReleaseVersion, EventPiloted, "the testers get it"},
	MoveGrayscale:     {rbac.ReleaseVersion, EventGrayscaled, "the testers and a share of the users get it"},
	MoveGrow:          {rbac.ReleaseVersion, EventGrown, "the share grows"},
	MoveRelease:       {rbac.ReleaseVersion, EventReleased, "everybody gets it"},
	MoveCancelRelease: {rbac.ReleaseVersion, EventReleaseCanceled, "its release is given up; taking the mini program offline or removing it does so too"},
	MoveRollBack:      {rbac.ReleaseVersion, EventBroughtBack, "it is brought back in place of the released one"},
	MoveTakeOffline:   {rbac.OfflineMiniProgram, EventTakenOffline, "its mini program is taken offline, or removed"},
	MoveBringBack:     {rbac.OfflineMiniProgram, EventReturned, "its mini program is brought back"},
	MoveVoid:          {0, EventVoided, "what was reviewed is changed"},
	MoveSupersede:     {0, EventSuperseded, "another version is released"},
	MoveDisplace:      {0, EventRolledBack, "another one is brought back in its place"},
}

// A Transition says that a move leads from a status to another.
type Transition struct {
	From VersionStatus
	Move Move
	To   VersionStatus
}

// transitions is the state table of versions (V2).
var transitions = []Transition{
	{VersionNew, MoveSubmit, UnderReview},
	{UnderReview, MoveApprove, VersionApproved},
	{UnderReview, MoveReject, VersionRejected},
	{UnderReview, MoveWithdraw, VersionNew},
	{UnderReview, MoveVoid, VersionNew},
	{VersionApproved, MovePilot, PilotTesting},
	{VersionApproved, MoveGrayscale, Grayscale},
	{VersionApproved, MoveRelease, Released},
	{VersionApproved, MoveCancelRelease, Canceled},
	{VersionApproved, MoveVoid, VersionNew},
	{VersionRejected, MoveSubmit, UnderReview},
	{PilotTesting, MoveGrayscale, Grayscale},
	{PilotTesting, MoveRelease, Released},
	{PilotTesting, MoveCancelRelease, Canceled},
	{Grayscale, MoveGrow, Grayscale},
	{Grayscale, MoveRelease, Released},
	{Grayscale, MoveCancelRelease, Canceled},
	{Released, MoveSupersede, Superseded},
	{Released, MoveDisplace, RolledBack},
	{Released, MoveTakeOffline, VersionOffline},
	{Canceled, MoveSubmit, UnderReview},
	{Superseded, MoveRollBack, Released},
	{VersionOffline, MoveSubmit, UnderReview},
	{VersionOffline, MoveSupersede, Superseded},
	{VersionOffline, MoveBringBack, Released},
	{RolledBack, MoveRollBack, Released},
}

// Transitions returns the state table of versions (V2), by where they begin.
func Transitions() []Transition { return slices.Clone(transitions) }

// Right returns the permission that a move takes; 0 for what becomes of a version
// by what is done to something else.
func (m Move) Right() rbac.Permission { return moves[m].right }

// Meaning says what happens in a move; "" for an unknown one.
func (m Move) Meaning() string { return moves[m].meaning }

// OpenMoves returns what may be done to a version in a status, by whoever has the
// right (V2).
func OpenMoves(s VersionStatus) (open []Move) {
	for _, t := range transitions {
		if t.From == s && t.Move.Right() != 0 {
			open = append(open, t.Move)
		}
	}
	return open
}

// to returns where a move leads from a status; a *[MoveError] if nowhere.
func (m Move) to(from VersionStatus) (VersionStatus, error) {
	for _, t := range transitions {
		if t.From == from && t.Move == m {
			return t.To, nil
		}
	}
	return "", &MoveError{Move: m, Status: from, Open: OpenMoves(from)}
}

// ErrMove is what every [MoveError] is.
var ErrMove = fault.Define(fault.ErrState, "miniprogram.version_state", "the version's status does not allow it")

// MoveError is the error for a move that is not open in the version's status
// (V2).
type MoveError struct {
	Move   Move
	Status VersionStatus
	// Open are the moves that are, for whoever has the right.
	Open []Move
}

// Error names the status and the moves that are open.
func (e *MoveError) Error() string {
	text := fmt.Sprintf("cannot %s: the version is %s", e.Move, e.Status)
	if len(e.Open) == 0 {
		return text
	}
	names := make([]string, len(e.Open))
	for i, m := range e.Open {
		names[i] = string(m)
	}
	return text + ", where one may " + strings.Join(names, ", ")
}

// Code returns "miniprogram.version_state".
func (e *MoveError) Code() string { return ErrMove.Code() }

// Unwrap returns [ErrMove].
func (e *MoveError) Unwrap() error { return ErrMove }

// move brings a version to where the state table says, and reports it. It is the
// one way to another status.
func (c *change) move(ctx context.Context, m Move, v Version, step Step) (err error) {
	if step.Status, err = m.to(v.Status); err != nil {
		return err
	}
	return c.put(ctx, moves[m].event, v, step)
}

// moveLive moves a live version; none if the id is zero.
func (c *change) moveLive(ctx context.Context, m Move, v id.Version, reason string) error {
	if v.IsZero() {
		return nil
	}
	found, _ := c.live(v)
	return c.move(ctx, m, found, Step{Reason: reason})
}

// live returns the live version with an id.
func (d Dossier) live(v id.Version) (Version, bool) {
	i := slices.IndexFunc(d.Live, func(x Version) bool { return x.ID == v })
	if i < 0 {
		return Version{}, false
	}
	return d.Live[i], true
}
