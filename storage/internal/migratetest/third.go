package migratetest

import (
	"encoding/json"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage/internal/sqlstore"
	"github.com/superapp-go/superapp/workspace"
)

// What the third version has beside.
var (
	api = feature.JSAPI{
		ID: id.JSAPI{UUID: uuid(7)}, Tenant: tenant.ID, Name: "my.pay", Description: "Pays.", Platforms: []feature.Platform{feature.Android}, CreatedAt: now, UpdatedAt: now,
	}
	packet = feature.Feature{
		ID: id.Feature{UUID: uuid(8)}, Tenant: tenant.ID, Name: "Payments", NameKey: "payments", Description: "Takes money.", JSAPIs: []string{"my.pay"},
		Access: feature.Direct, CreatedAt: now, UpdatedAt: later,
	}
	request = approval.Request{
		ID: id.Request{UUID: uuid(9)}, Kind: approval.VersionRelease, Status: approval.InReview, Workspace: tenant.ID, Tenant: tenant.ID, MiniProgram: program.ID,
		Object: rbac.OnVersion(version.ID), Submitter: "u-1", Frozen: json.RawMessage(`{"a": 1}`), Digest: hash, Reason: "Please.", SubmittedAt: now,
	}
	reviewed = func() miniprogram.Version {
		v := version
		v.Status, v.Digest = miniprogram.UnderReview, hash
		v.Progress = []miniprogram.Step{{Status: miniprogram.UnderReview, At: now, By: "u-1"}}
		return v
	}()
	profile = miniprogram.Profile{
		Category: "food", Regions: []string{"SG"}, Logo: miniprogram.Logo{SHA256: hash, Format: "png", Size: 3, Side: 512},
		Configuration: miniprogram.Configuration{ClientID: "c-1", MerchantID: "m-1", Testers: []string{"tess@shop.example"}},
	}
	logo     = []byte{0x89, 0, 255}
	said     = miniprogram.Information{Language: program.Language, Name: program.Name, NameKey: program.NameKey, Tagline: "Pay", Description: "Pays.", Keywords: []string{"pay"}}
	settings = workspace.Settings{MaxBatch: 7, OwnDecision: true}
)

func third() []sqlstore.Write {
	w, p := tenant.ID.UUID, program.ID.UUID
	progress, _ := json.Marshal(reviewed.Progress)
	return append(first(),
		row("information", "mini_program_id, language, tenant_id, name, name_key, open_name, tagline, description, keywords",
			p, said.Language, w, said.Name, said.NameKey, said.NameKey, said.Tagline, said.Description, `["pay"]`),
		row("information", "mini_program_id, language, tenant_id, name, name_key, tagline, description",
			gone.ID.UUID, gone.Language, w, gone.Name, gone.NameKey, "", ""),
		row("profile", "mini_program_id, category, regions, entrance, logo_sha256, logo_format, logo_size, logo_side, client_id, merchant_id, testers",
			p, profile.Category, `["SG"]`, "", hash[:], "png", 3, 512, "c-1", "m-1", `["tess@shop.example"]`),
		row("logo", "mini_program_id, data", p, logo),
		row("request", "id, kind, status, workspace_id, tenant_id, mini_program_id, object_kind, object_id, topic, submitter, frozen, digest, reason, answer, submitted_at",
			request.ID.UUID, string(request.Kind), string(request.Status), w, w, p, 4, version.ID.UUID, request.OpenKey(), "u-1", []byte(request.Frozen), hash[:], request.Reason, "", now),
		row("jsapi", "id, tenant_id, name, description, platforms, created_at, updated_at", api.ID.UUID, w, api.Name, api.Description, `["android"]`, now, now),
		row("feature", "id, tenant_id, name, name_key, description, jsapis, access, for_all, retired, created_at, updated_at",
			packet.ID.UUID, w, packet.Name, packet.NameKey, packet.Description, `["my.pay"]`, "direct", true, false, now, later),
		row("attached", "mini_program_id, feature_id, attached_at", p, packet.ID.UUID, later),
		row("settings", "workspace_id, validity, max_batch, recipient, removal_period, own_decision", w, 0, 7, "", 0, true),
		sqlstore.Write{SQL: "UPDATE {version} SET status = ?, digest = ?, progress = ? WHERE id = ?",
			Args: []any{string(reviewed.Status), hash[:], string(progress), version.ID.UUID}},
	)
}

// full has everything.
func full(c *checker) {
	d, err := c.r.Dossier(c.ctx, miniprogram.Subject{Version: version.ID})
	c.same("all about the mini program", d, err, miniprogram.Dossier{
		MiniProgram: program, Version: reviewed, Live: []miniprogram.Version{reviewed}, Profile: profile, Information: []miniprogram.Information{said},
		Features: []miniprogram.Attached{{Feature: packet, AttachedAt: later}}, Requests: []approval.Request{request},
	})
	data, err := c.r.Logo(c.ctx, program.ID)
	c.same("the logo", data, err, logo)
	own, _, err := c.r.Settings(c.ctx, tenant.ID)
	c.same("the settings", own, err, settings)
	j, err := c.r.JSAPI(c.ctx, api.ID)
	c.same("the JSAPI", j, err, api)
}
