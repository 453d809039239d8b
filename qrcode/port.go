package qrcode

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/unit"
)

// A Definition is a QR code as it is stored.
type Definition struct {
	ID                id.QRCode
	MiniProgram       id.MiniProgram
	Workspace, Tenant id.Workspace
	Name              string
	// Page is the path of the page it opens, "" for the first one.
	Page string
	// Params are the page's parameters, in their order.
	Params []Param
	// Creator defined it; "" if the platform operator did.
	Creator   id.Account
	CreatedAt time.Time
}

// A Param is a page parameter.
type Param struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// ErrNotFound is the error for a QR code that does not exist, or that the
// caller may not know of.
var ErrNotFound = fault.Define(fault.ErrNotFound, "qrcode.not_found", "no such QR code")

// A Reader is for stores: it reads QR codes.
type Reader interface {
	miniprogram.Reader
	// QRCode returns one; [ErrNotFound] if there is none.
	QRCode(ctx context.Context, c id.QRCode) (Definition, error)
	// QRCodes returns those of a mini program in the order of their ids, at
	// most limit of those after the given one.
	QRCodes(ctx context.Context, p id.MiniProgram, after id.QRCode, limit int) ([]Definition, error)
}

// A Tx is for stores: it changes QR codes.
type Tx interface {
	Reader
	miniprogram.Tx
	// InsertQRCode stores a new definition.
	InsertQRCode(ctx context.Context, d Definition) error
}

// A Store is what the service needs.
type Store = unit.Store[Reader, Tx]
