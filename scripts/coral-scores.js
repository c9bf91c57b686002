// Prints the scores that Coral kept of Perspective's, for `moderator migrate perspective`:
//
//     mongosh --quiet "$MONGODB_URI" scripts/coral-scores.js > export.csv
//
// Every revision of a comment that was scored is a row, its HTML made plain. Nothing is written
// to the database. The file holds comments: keep it to yourself.

const ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&nbsp;": " ", "&amp;": "&"};
const BLOCK_ENDS = /<br[^>]*>|<\/(p|div|li|blockquote)>/gi;

const plain = (html) =>
  html
    .replace(BLOCK_ENDS, "\n")
    .replace(/<[^>]*>/g, "")
    .replace(/&(lt|gt|quot|#39|nbsp|amp);/g, (entity) => ENTITIES[entity])
    .trim();

const row = (cells) => cells.map((cell) => `"${String(cell).replace(/"/g, '""')}"`).join(",");

const scored = {"revisions.metadata.perspective": {$exists: true}};
const models = db.comments.distinct("revisions.metadata.perspective.model", scored);
print(row(["id", "text", "created_at", ...models]));
db.comments.find(scored, {id: 1, revisions: 1}).forEach((comment) => {
  for (const {body, createdAt, metadata} of comment.revisions) {
    const told = metadata && metadata.perspective;
    const text = plain(body || "");
    if (told && text) {
      const scores = models.map((model) => (model === told.model ? told.score : ""));
      print(row([comment.id, text, createdAt.toISOString(), ...scores]));
    }
  }
});
