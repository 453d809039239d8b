package sqlstore

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/qrcode"
)

// Retargets implements qrcode.Reader.
func (r *reader) Retargets(ctx context.Context, c id.QRCode, below, limit int) (list []qrcode.Retarget, err error) {
	bound := int64(below)
	if below == 0 {
		bound = math.MaxInt64
	}
	err = r.read(ctx, "list the targets of a QR code", Read{
		SQL: `SELECT t.revision, t.page, t.params, t.creator, t.at FROM {qr_target} AS t {key}` +
			` WHERE t.code_id = ? AND t.revision < ? ORDER BY t.revision DESC` + limited(limit),
		Args: []any{c.UUID, bound},
		Scan: cut(limit, each(func(rows Rows) error {
			var t qrcode.Retarget
			err := rows.Scan(&t.Revision, &t.Page, jsonColumn{&t.Params}, (*textColumn)(&t.By), (*timeColumn)(&t.At))
			list = append(list, t)
			return err
		})),
	})
	return list, err
}

// ScanCount implements qrcode.Reader. There are few slots, and each engine makes
// another type of their sum.
func (r *reader) ScanCount(ctx context.Context, c id.QRCode) (sum int64, err error) {
	err = r.read(ctx, "count scans", Read{
		SQL:    `SELECT s.scans FROM {qr_scan} AS s {key} WHERE s.code_id = ?`,
		Args:   []any{c.UUID},
		Steady: true,
		Scan: each(func(rows Rows) error {
			var n int64
			err := rows.Scan(&n)
			sum += n
			return err
		}),
	})
	return sum, err
}

// InsertRetarget implements qrcode.Tx.
func (t *tx) InsertRetarget(ctx context.Context, c id.QRCode, r qrcode.Retarget) error {
	params, err := encode(r.Params)
	if err != nil {
		return err
	}
	return t.write(ctx, "store the target of a QR code", Write{
		SQL:  `INSERT INTO {qr_target} (code_id, revision, page, params, creator, at) VALUES (?, ?, ?, ?, ?, ?)`,
		Args: []any{c.UUID, r.Revision, r.Page, params, optional(r.By), r.At},
	})
}

// AddScans implements qrcode.Tx.
func (t *tx) AddScans(ctx context.Context, scans []qrcode.Scans) error {
	const row = `(?, ?, ?)`
	end := ` ` + t.dialect.Add("qr_scan", "code_id, slot", "scans")
	scans = summed(scans)
	var writes []Write
	for _, n := range []int{100, 10, 1} { // few statements, and few texts of them
		for ; len(scans) >= n; scans = scans[n:] {
			w := Write{SQL: `INSERT INTO {qr_scan} (code_id, slot, scans) VALUES ` + row + strings.Repeat(`, `+row, n-1) + end}
			for _, s := range scans[:n] {
				w.Args = append(w.Args, s.Code.UUID, s.Slot, s.Count)
			}
			writes = append(writes, w)
		}
	}
	return t.write(ctx, "count scans", writes...)
}

// summed returns the scans of each slot once, since no statement may change a row
// twice, and in one order, so that units that add to the same ones do not wait for
// each other for ever.
func summed(scans []qrcode.Scans) (sums []qrcode.Scans) {
	for _, s := range slices.SortedFunc(slices.Values(scans), func(a, b qrcode.Scans) int {
		return cmp.Or(a.Code.Compare(b.Code.UUID), cmp.Compare(a.Slot, b.Slot))
	}) {
		if last := len(sums) - 1; last >= 0 && sums[last].Code == s.Code && sums[last].Slot == s.Slot {
			sums[last].Count += s.Count
			continue
		}
		sums = append(sums, s)
	}
	return sums
}
