package mysql

import (
	"context"
	"crypto/tls"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"slices"
	"strings"

	"github.com/go-sql-driver/mysql"

	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/internal/sqlstore"
)

// Retryable reports whether to run a whole transaction of the host's again may
// succeed: for the errors of storage.Retryable, and for those of the host's own
// statements and of his COMMIT by which the engine says that others were faster.
// The transaction is rolled back first, and run again from its beginning.
func Retryable(err error) bool {
	if storage.Retryable(err) {
		return true
	}
	e, ok := errors.AsType[*mysql.MySQLError](err)
	return ok && (numbers[e.Number] == sqlstore.Busy || numbers[e.Number] == sqlstore.RolledBack)
}

// numbers are the errors of MariaDB and MySQL that the store knows.
var numbers = byNumber(map[sqlstore.Class][]uint16{
	// A deadlock, which is also how a cluster refuses a commit; a lock that did
	// not come; a row that has changed since the snapshot; a commit that group
	// replication refuses.
	sqlstore.RolledBack: {1213, 1020},
	sqlstore.Busy:       {1205, 3101},
	sqlstore.Duplicate:  {1062, 1586},
	sqlstore.Dangling:   {1216, 1217, 1451, 1452},
	// CHECK on MySQL and on MariaDB, NULL, and what does not fit the column.
	sqlstore.Refused: {3819, 4025, 1048, 1264, 1292, 1364, 1366, 1406},
	// A table, a column or an index that is not there.
	sqlstore.NoTable: {1146, 1054, 1176},
	// The connection was killed, or the server goes down, or a cluster lost the
	// majority while it committed.
	sqlstore.Unknown: {1053, 1077, 1080, 1152, 1158, 1159, 1160, 1161, 1180, 1184, 1317, 1927, 3169, 4031},
	// The login, the database, too many connections, an account that is locked;
	// a node that has no cluster.
	sqlstore.Unreachable: {1040, 1045, 1047, 1049, 1129, 1130, 1203, 1226, 1251, 1698, 1820, 1862, 3118, 4151},
	sqlstore.ReadOnly:    {1223, 1290, 1792, 1836},
	sqlstore.Forbidden:   {1044, 1142, 1143, 1227, 1370},
	sqlstore.Full:        {1021, 1114},
	// A savepoint that is not there, because its transaction is not.
	sqlstore.Ended: {1305},
})

func byNumber(classes map[sqlstore.Class][]uint16) map[uint16]sqlstore.Class {
	numbers := map[uint16]sqlstore.Class{}
	for class, list := range classes {
		for _, n := range list {
			numbers[n] = class
		}
	}
	return numbers
}

// classify reads the error's number. What was not unique stands in the message
// only, as "... for key 'index'", and on MySQL 8 as 'table.index'.
func classify(err error) (sqlstore.Class, string) {
	e, ok := errors.AsType[*mysql.MySQLError](err)
	if !ok {
		return classifyConnection(err), ""
	}
	class := numbers[e.Number]
	switch {
	case class == sqlstore.Duplicate:
		// Not in every language it is the end of the message.
		quoted := strings.Split(strings.TrimSpace(e.Message), "'")
		return class, quoted[max(0, len(quoted)-2)]
	case class == sqlstore.Failed && noSpace(e.Message):
		return sqlstore.Full, ""
	}
	return class, ""
}

// noSpace reports whether the operating system said so: 28 is its number.
func noSpace(message string) bool {
	return strings.Contains(message, "Errcode: 28") || strings.Contains(message, "error 28 ")
}

// Of the driver's own errors those by which no connection is made, and those by
// which one has broken.
var (
	refusals = []error{
		mysql.ErrNoTLS, mysql.ErrCleartextPassword, mysql.ErrNativePassword, mysql.ErrOldPassword, mysql.ErrUnknownPlugin, mysql.ErrOldProtocol,
	}
	breaks = []error{
		driver.ErrBadConn, mysql.ErrInvalidConn, mysql.ErrMalformPkt, mysql.ErrPktSync, mysql.ErrPktSyncMul, mysql.ErrBusyBuffer,
		io.EOF, io.ErrUnexpectedEOF, context.Canceled, context.DeadlineExceeded,
	}
)

// classifyConnection is classify for what the engine did not answer.
func classifyConnection(err error) sqlstore.Class {
	is := func(target error) bool { return errors.Is(err, target) }
	op, _ := errors.AsType[*net.OpError](err)
	_, dns := errors.AsType[*net.DNSError](err)
	_, distrust := errors.AsType[*tls.CertificateVerificationError](err)
	_, network := errors.AsType[net.Error](err)
	switch {
	case op != nil && op.Op == "dial", dns, distrust, slices.ContainsFunc(refusals, is):
		return sqlstore.Unreachable
	case network, slices.ContainsFunc(breaks, is):
		return sqlstore.Unknown
	}
	return sqlstore.Failed
}

// applied reports whether the statement of a migration had been applied before:
// the table, column, or index is there, or what was to be dropped is not.
func applied(err error) bool {
	e, ok := errors.AsType[*mysql.MySQLError](err)
	return ok && slices.Contains([]uint16{1050, 1060, 1061, 1091}, e.Number)
}
