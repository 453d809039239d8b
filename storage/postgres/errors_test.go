package postgres

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/internal/sqlstore"
)

// sqlState is an error of another driver's.
type sqlState string

func (s sqlState) Error() string    { return "failed" }
func (s sqlState) SQLState() string { return string(s) }

func TestClassify(t *testing.T) {
	t.Parallel()
	pg := func(code string) error { return &pgconn.PgError{Code: code, ConstraintName: "app_member_open_email"} }
	for _, c := range []struct {
		name string
		err  error
		want sqlstore.Class
	}{
		{"nothing", nil, sqlstore.Failed},
		{"of somebody else's", errors.New("no"), sqlstore.Failed},
		{"serialization failure", pg("40001"), sqlstore.Busy},
		{"deadlock", pg("40P01"), sqlstore.Busy},
		{"lock timeout", pg("55P03"), sqlstore.Busy},
		{"unique", pg("23505"), sqlstore.Duplicate},
		{"foreign key", pg("23503"), sqlstore.Dangling},
		{"check", pg("23514"), sqlstore.Refused},
		{"not null", pg("23502"), sqlstore.Refused},
		{"no table", pg("42P01"), sqlstore.NoTable},
		{"no column", pg("42703"), sqlstore.NoTable},
		{"no schema", pg("3F000"), sqlstore.NoTable},
		{"syntax", pg("42601"), sqlstore.Failed},
		{"read-only", pg("25006"), sqlstore.ReadOnly},
		{"right", pg("42501"), sqlstore.Forbidden},
		{"disk full", pg("53100"), sqlstore.Full},
		{"aborted before", pg("25P02"), sqlstore.Ended},
		{"no transaction", pg("25P01"), sqlstore.Ended},
		{"no savepoint", pg("3B001"), sqlstore.Ended},
		{"shutdown", pg("57P01"), sqlstore.Unknown},
		{"idle in a transaction for too long", pg("25P03"), sqlstore.Unknown},
		{"connection failure", pg("08006"), sqlstore.Unknown},
		{"password", pg("28P01"), sqlstore.Unreachable},
		{"no database", pg("3D000"), sqlstore.Unreachable},
		{"too many connections", pg("53300"), sqlstore.Unreachable},
		{"cannot connect", &pgconn.ConnectError{}, sqlstore.Unreachable},
		{"a table that somebody else creates", &pgconn.PgError{Code: "23505", ConstraintName: "pg_type_typname_nsp_index"}, sqlstore.Busy},
		{"a row of the catalogue", &pgconn.PgError{Code: "XX000", Message: "tuple concurrently updated"}, sqlstore.Busy},
		{"internal error", &pgconn.PgError{Code: "XX000", Message: "oh"}, sqlstore.Failed},
		{"another driver's", sqlState("40001"), sqlstore.Busy},
		{"cut", io.ErrUnexpectedEOF, sqlstore.Unknown},
		{"hung up", &net.OpError{Err: errors.New("reset")}, sqlstore.Unknown},
		{"bad connection", driver.ErrBadConn, sqlstore.Unknown},
		{"closed connection", pgconn.ErrConnClosed, sqlstore.Unknown},
		{"the time to write", context.DeadlineExceeded, sqlstore.Unknown},
		{"no connection in time", errWait, sqlstore.Busy},
		{"no server in time", errDial, sqlstore.Unreachable},
		{"not even sent", refusing{}, sqlstore.Unreachable},
	} {
		for what, err := range map[string]error{"": c.err, ", wrapped": fmt.Errorf("wrapped: %w", c.err)} {
			got, unique := classify(err)
			require.Equal(t, c.want, got, c.name+what)
			if c.want == sqlstore.Duplicate {
				require.Equal(t, "app_member_open_email", unique, c.name+what)
			}
		}
	}
}

func TestRetryable(t *testing.T) {
	t.Parallel()
	for _, err := range []error{
		storage.ErrBusy, storage.ErrTxLost,
		&pgconn.PgError{Code: "40001"}, &pgconn.PgError{Code: "40P01"}, &pgconn.PgError{Code: "55P03"}, sqlState("40001"),
		fmt.Errorf("order tea: %w", &pgconn.PgError{Code: "40001"}),
	} {
		require.True(t, Retryable(err), "%#v", err)
	}
	for _, err := range []error{
		nil, errors.New("no"), storage.ErrOutcomeUnknown, storage.ErrUnreachable, io.ErrUnexpectedEOF,
		&pgconn.PgError{Code: "23505"}, &pgconn.PgError{Code: "25P02"}, context.DeadlineExceeded,
	} {
		require.False(t, Retryable(err), "%#v", err)
	}
}
