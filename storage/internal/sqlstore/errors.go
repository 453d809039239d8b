package sqlstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/role"
	"github.com/superapp-go/superapp/storage"
)

// A failure is a database's error: it is a sentinel of package storage, its
// text tells the operation and never what the driver said, and the driver's
// error is found by errors.As.
type failure struct {
	kind  *fault.Error
	op    string
	cause error
}

func (f *failure) Error() string { return f.kind.Error() + ": " + f.op }

func (f *failure) Unwrap() []error { return []error{f.kind, f.cause} }

// Failure is a failed operation outside the statements of a store, such as
// opening it.
func Failure(op string, cause error) error {
	return &failure{kind: storage.ErrFailed, op: op, cause: cause}
}

// txLost is the error for a transaction of the host's of which the engine knows
// nothing any more.
func txLost(cause error) error {
	return &failure{kind: storage.ErrTxLost, op: "roll a unit back", cause: cause}
}

// errDangling is the error for an object that belongs to one that is not there.
var errDangling = fmt.Errorf("the object it belongs to is not stored: %w", fault.ErrNotFound)

// fail makes of an error of a session what the store answers with: a context
// that is done goes before what came of that.
func (c *core) fail(ctx context.Context, op string, err error) error {
	if err == nil || fault.KindOf(err) != 0 {
		return err
	}
	answer, outage := c.answer(op, err)
	if gone := ctx.Err(); gone != nil {
		return instead(answer, op, gone)
	}
	if outage {
		c.complain(ctx, op, err)
	}
	return answer
}

// answer is fail whatever the context; outage says that an administrator should
// hear of it.
func (c *core) answer(op string, err error) (answer error, outage bool) {
	if fault.KindOf(err) != 0 {
		return err, false
	}
	switch class, unique := c.dialect.Classify(err); class {
	case Duplicate:
		return duplicate(unique), false
	case Dangling:
		return errDangling, false
	case Busy, RolledBack:
		return &failure{storage.ErrBusy, op, err}, false
	case NoTable:
		return &failure{storage.ErrSchemaMissing, op, err}, false
	case Ended:
		return &failure{storage.ErrTxLost, op, err}, false
	default:
		return &failure{cmp.Or(outages[class], storage.ErrFailed), op, err}, true
	}
}

// instead is what is answered in place of err when a context is done: for who
// waited for others that is [outOfTime].
func instead(err error, op string, gone error) error {
	if isBusy(err) {
		return outOfTime(op, gone)
	}
	return gone
}

// outages are the errors for what an administrator of the database must mend.
var outages = map[Class]*fault.Error{
	Unknown:     storage.ErrUnreachable,
	Unreachable: storage.ErrUnreachable,
	ReadOnly:    storage.ErrReadOnly,
	Forbidden:   storage.ErrForbidden,
	Full:        storage.ErrFull,
}

// complain logs the cause of a failure.
func (c *core) complain(ctx context.Context, op string, cause error) {
	c.log.LogAttrs(ctx, slog.LevelError, "the database failed", slog.String("operation", op), slog.String("cause", cause.Error()))
}

// commit ends a unit. That its outcome is unknown goes before a context that
// is done, whose error would say that nothing was kept. In the host's
// transaction nothing is kept before the host commits.
func (s *Store) commit(ctx context.Context, session Session) error {
	if gone := ctx.Err(); gone != nil {
		return gone // nothing of the commit was sent
	}
	err := session.Commit(ctx)
	if class, _ := s.dialect.Classify(err); err != nil && class == Unknown && !s.bound {
		s.complain(ctx, "commit", err)
		return &failure{storage.ErrOutcomeUnknown, "commit", err}
	}
	return s.fail(ctx, "commit", err)
}

// survives reports whether the engine has certainly not ended the transaction
// along with the error.
func (c *core) survives(ctx context.Context, err error) bool {
	if errors.Is(err, storage.ErrTxLost) {
		return false
	}
	if err == nil || fault.KindOf(err) != 0 || ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return true
	}
	switch class, _ := c.dialect.Classify(err); class {
	case Duplicate, Dangling, Refused, NoTable:
		return true
	}
	return false
}

// outOfTime is the error for who waited for others until his context ended: a
// deadline that passed is storage.ErrBusy as well.
func outOfTime(op string, gone error) error {
	if errors.Is(gone, context.DeadlineExceeded) {
		return &failure{storage.ErrBusy, op, gone}
	}
	return gone
}

// duplicate tells the unique indexes apart by the end of their name, which is
// that of their last column.
func duplicate(unique string) error {
	switch {
	case strings.HasSuffix(unique, "open_email"), strings.HasSuffix(unique, "present_account"):
		return member.ErrPresent
	case strings.HasSuffix(unique, "open_name"):
		return miniprogram.ErrNameTaken
	case strings.HasSuffix(unique, "open_key"):
		return approval.ErrOpen
	case strings.HasSuffix(unique, "code"):
		return role.ErrCodeTaken
	case strings.HasSuffix(unique, "short"):
		return qrcode.ErrShortTaken
	case strings.HasSuffix(unique, "name_key"), strings.HasSuffix(unique, "name"):
		return feature.ErrNameTaken
	}
	return storage.ErrExists
}

// isBusy reports whether others were faster.
func isBusy(err error) bool { return errors.Is(err, storage.ErrBusy) }

// retry returns an error of the database's, after which the unit runs again if
// others were faster.
func retry(err error) (again bool, _ error) { return isBusy(err), err }
