package miniprogram

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/superapp-go/superapp/id"
)

// Reviewed is everything that is reviewed before a version is released: what a
// request freezes, and what its digest is of (V3). Testers are not part of it.
type Reviewed struct {
	MiniProgram id.MiniProgram        `json:"mini_program"`
	Version     id.Version            `json:"version"`
	Number      string                `json:"number"`
	Package     string                `json:"package"`
	SHA256      string                `json:"sha256"`
	JSAPIs      []string              `json:"jsapis,omitempty"`
	Notes       map[string]string     `json:"notes,omitempty"`
	Language    string                `json:"language"`
	Information []ReviewedInformation `json:"information"`
	Category    string                `json:"category,omitempty"`
	Regions     []string              `json:"regions,omitempty"`
	Contacts    []Contact             `json:"contacts,omitempty"`
	Entrance    string                `json:"entrance,omitempty"`
	Logo        string                `json:"logo,omitempty"`
	ClientID    string                `json:"client_id,omitempty"`
	MerchantID  string                `json:"merchant_id,omitempty"`
	Servers     []string              `json:"servers,omitempty"`
	WebViews    []string              `json:"web_views,omitempty"`
	Features    []ReviewedFeature     `json:"features,omitempty"`
}

// ReviewedInformation is what is said of a mini program in one language.
type ReviewedInformation struct {
	Language    string   `json:"language"`
	Name        string   `json:"name"`
	Tagline     string   `json:"tagline,omitempty"`
	Description string   `json:"description,omitempty"`
	Keywords    []string `json:"keywords,omitempty"`
}

// ReviewedFeature is a feature that a mini program has.
type ReviewedFeature struct {
	Feature id.Feature `json:"feature"`
	Name    string     `json:"name"`
	JSAPIs  []string   `json:"jsapis"`
}

// reviewed returns what is reviewed of a version, as things stand.
func (d Dossier) reviewed(v Version) Reviewed {
	r := Reviewed{
		MiniProgram: d.MiniProgram.ID, Version: v.ID, Number: v.Number, Package: v.Package.Reference,
		SHA256: hex.EncodeToString(v.Package.SHA256[:]), JSAPIs: v.JSAPIs, Notes: v.Notes,
		Language: d.MiniProgram.Language, Category: d.Profile.Category, Regions: d.Profile.Regions,
		Contacts: d.Profile.Contacts, Entrance: d.Profile.Entrance,
		ClientID: d.Profile.Configuration.ClientID, MerchantID: d.Profile.Configuration.MerchantID,
		Servers: d.Profile.Configuration.Servers, WebViews: d.Profile.Configuration.WebViews,
	}
	if l := d.Profile.Logo; l.Size > 0 {
		r.Logo = hex.EncodeToString(l.SHA256[:])
	}
	for _, i := range d.Information {
		r.Information = append(r.Information, ReviewedInformation{i.Language, i.Name, i.Tagline, i.Description, i.Keywords})
	}
	for _, f := range d.Features {
		r.Features = append(r.Features, ReviewedFeature{f.ID, f.Name, f.JSAPIs})
	}
	return r
}

// freeze returns what a request for the version's release freezes, and its
// digest.
func (d Dossier) freeze(v Version) (frozen json.RawMessage, digest [32]byte, err error) {
	frozen, err = json.Marshal(d.reviewed(v))
	return frozen, sha256.Sum256(frozen), err
}
