package postgres

import (
	"database/sql"
	"encoding/binary"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// rows are the Rows of a statement.
type rows struct {
	pgx.Rows
	// count is how many rows there were up to now.
	count int
	// rest are the destinations that are left to pgx.
	rest []any
	// scratch holds the bytes of a value while it is scanned, and boxes are its
	// beginnings by their length: to make an interface value of each anew would
	// be an allocation for every column. A single row is not worth it.
	scratch []byte
	boxes   []any
}

func (r *rows) Next() bool {
	if !r.Rows.Next() {
		return false
	}
	if r.count++; r.count == 2 {
		r.scratch, r.boxes = make([]byte, maxBox), make([]any, maxBox+1)
	}
	return true
}

// Scan gives a [sql.Scanner] the bytes of ids, texts and the like as they came
// over the wire, and times as microseconds. pgx would make a text of an id
// first, to be parsed at once, and a page would take half as long again.
func (r *rows) Scan(dest ...any) error {
	fields, values := r.FieldDescriptions(), r.RawValues()
	r.rest = append(r.rest[:0], dest...)
	for i, d := range dest[:min(len(dest), len(values))] {
		to, ok := d.(sql.Scanner)
		if !ok {
			continue
		}
		src, ok := r.plain(fields[i].DataTypeOID, fields[i].Format, values[i])
		if !ok {
			continue
		}
		if err := to.Scan(src); err != nil {
			return pgx.ScanArgError{ColumnIndex: i, FieldName: fields[i].Name, Err: err}
		}
		r.rest[i] = nil // pgx skips it
	}
	return r.Rows.Scan(r.rest...)
}

// epoch is the year 2000, from which PostgreSQL counts, in microseconds since
// 1970.
const epoch = 946_684_800_000_000

// plain returns the value of a column if it needs no more than to be read.
func (r *rows) plain(oid uint32, format int16, value []byte) (src any, ok bool) {
	if value == nil {
		return nil, true
	}
	switch oid {
	case pgtype.TextOID, pgtype.JSONOID:
		return r.box(value), true
	case pgtype.UUIDOID, pgtype.ByteaOID:
		return r.box(value), format == pgx.BinaryFormatCode
	case pgtype.TimestamptzOID:
		if format == pgx.BinaryFormatCode && len(value) == 8 {
			return int64(binary.BigEndian.Uint64(value)) + epoch, true
		}
	}
	return nil, false
}

// maxBox is the greatest length of what is boxed.
const maxBox = 64

// box makes an interface value of bytes. It is valid until the next one.
func (r *rows) box(value []byte) any {
	n := len(value)
	if n >= len(r.boxes) {
		return value
	}
	copy(r.scratch, value)
	if r.boxes[n] == nil {
		r.boxes[n] = r.scratch[:n:n]
	}
	return r.boxes[n]
}
