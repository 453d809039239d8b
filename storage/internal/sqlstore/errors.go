package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
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

// fail makes of an error of a session what the store answers with.
func (c *core) fail(ctx context.Context, op string, err error) error {
	if err == nil {
		return nil
	}
	if fault.KindOf(err) != 0 {
		return err
	}
	class, column := c.dialect.Classify(err)
	if gone := ctx.Err(); gone != nil {
		if class == Busy {
			return outOfTime(op, gone)
		}
		return gone
	}
	switch class {
	case Duplicate:
		return duplicate(column)
	case Dangling:
		return errDangling
	case Busy:
		return &failure{storage.ErrBusy, op, err}
	case NoTable:
		return &failure{storage.ErrSchemaMissing, op, err}
	}
	c.complain(ctx, op, err)
	return Failure(op, err)
}

// complain logs the cause of a failure.
func (c *core) complain(ctx context.Context, op string, cause error) {
	c.log.LogAttrs(ctx, slog.LevelError, "the database failed", slog.String("operation", op), slog.String("cause", cause.Error()))
}

// commit ends a unit. That its outcome is unknown goes before a context that
// is done, whose error would say that nothing was kept.
func (c *core) commit(ctx context.Context, session Session) error {
	err := session.Commit(ctx)
	if class, _ := c.dialect.Classify(err); err != nil && class == Unknown {
		c.complain(ctx, "commit", err)
		return &failure{storage.ErrOutcomeUnknown, "commit", err}
	}
	return c.fail(ctx, "commit", err)
}

// survives reports whether the engine has certainly not ended the transaction
// along with the error.
func (c *core) survives(ctx context.Context, err error) bool {
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

// duplicate tells the unique indexes apart by their last column.
func duplicate(column string) error {
	switch column {
	case "open_email", "present_account":
		return member.ErrPresent
	case "open_name":
		return miniprogram.ErrNameTaken
	}
	return storage.ErrExists
}

// isBusy reports whether others were faster.
func isBusy(err error) bool { return errors.Is(err, storage.ErrBusy) }

// retry returns an error of the database's, after which the unit runs again if
// others were faster.
func retry(err error) (again bool, _ error) { return isBusy(err), err }
