package mysql

import (
	"context"
	"crypto/tls"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"testing"

	"github.com/go-sql-driver/mysql"
	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/internal/sqlstore"
)

func TestClassify(t *testing.T) {
	t.Parallel()
	answer := func(number uint16, message string) error { return &mysql.MySQLError{Number: number, Message: message} }
	for _, c := range []struct {
		name   string
		err    error
		class  sqlstore.Class
		unique string
	}{
		{"a duplicate on MariaDB", answer(1062, "Duplicate entry 'for key 'x'' for key 'app_member_open_email'"), sqlstore.Duplicate, "app_member_open_email"},
		{"a duplicate on MySQL 8", answer(1062, "Duplicate entry 'a-b' for key 'app_member.app_member_open_email'"), sqlstore.Duplicate, "app_member.app_member_open_email"},
		{"a duplicate of the primary key", answer(1062, "Duplicate entry 'a' for key 'PRIMARY'"), sqlstore.Duplicate, "PRIMARY"},
		{"a deadlock", answer(1213, "Deadlock found when trying to get lock; try restarting transaction"), sqlstore.RolledBack, ""},
		{"a row that has changed", answer(1020, "Record has changed since last read in table 'head'"), sqlstore.RolledBack, ""},
		{"a check on MySQL 8", answer(3819, "Check constraint 'member_state' is violated."), sqlstore.Refused, ""},
		{"a savepoint without its transaction", answer(1305, "SAVEPOINT superapp does not exist"), sqlstore.Ended, ""},
		{"a node without a cluster", answer(1047, "WSREP has not yet prepared node for application use"), sqlstore.Unreachable, ""},
		{"a commit without a majority", answer(1180, "Got error 5 during COMMIT"), sqlstore.Unknown, ""},
		{"a full table", answer(1114, "The table 'event' is full"), sqlstore.Full, ""},
		{"a full disk", answer(3, "Error writing file 'x' (Errcode: 28 \"No space left on device\")"), sqlstore.Full, ""},
		{"a full disk of the engine", answer(1030, "Got error 28 \"No space left on device\" from storage engine InnoDB"), sqlstore.Full, ""},
		{"a replica", answer(1290, "The MariaDB server is running with the --read-only option"), sqlstore.ReadOnly, ""},
		{"anything else", answer(1064, "You have an error in your SQL syntax"), sqlstore.Failed, ""},
		{"a wrapped one", fmt.Errorf("commit: %w", answer(1205, "Lock wait timeout exceeded")), sqlstore.Busy, ""},

		{"no server", &net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded}, sqlstore.Unreachable, ""},
		{"no host", &net.OpError{Op: "dial", Err: &net.DNSError{Name: "nowhere"}}, sqlstore.Unreachable, ""},
		{"no TLS", mysql.ErrNoTLS, sqlstore.Unreachable, ""},
		{"no trust", &tls.CertificateVerificationError{Err: errors.New("x509")}, sqlstore.Unreachable, ""},
		{"a connection that broke", &net.OpError{Op: "read", Err: io.EOF}, sqlstore.Unknown, ""},
		{"a connection that was broken", driver.ErrBadConn, sqlstore.Unknown, ""},
		{"an answer that ended", io.ErrUnexpectedEOF, sqlstore.Unknown, ""},
		{"an answer that took too long", context.DeadlineExceeded, sqlstore.Unknown, ""},
		{"something else", errors.New("who knows"), sqlstore.Failed, ""},
	} {
		class, unique := classify(c.err)
		require.Equal(t, c.class, class, c.name)
		require.Equal(t, c.unique, unique, c.name)
	}
}

func TestRetryable(t *testing.T) {
	t.Parallel()
	answer := func(number uint16) error { return fmt.Errorf("commit: %w", &mysql.MySQLError{Number: number}) }
	for _, err := range []error{answer(1213), answer(1205), answer(1020), storage.ErrBusy, storage.ErrTxLost} {
		require.True(t, Retryable(err), "%v", err)
	}
	for _, err := range []error{nil, answer(1062), answer(1180), answer(1047), storage.ErrOutcomeUnknown, storage.ErrUnreachable, io.EOF} {
		require.False(t, Retryable(err), "%v", err)
	}
}
