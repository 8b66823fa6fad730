// A real OpenID provider for the tests: `node openid_provider.mjs PORT MODULES CLIENT_ID SECRET REDIRECT SIGNED_OUT`.
// POST /-/people with {name: claims | null} says who there is, POST /-/mode with "tampered" and the like how it lies.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [port, modules, client_id, client_secret, redirect, signedOut] = process.argv.slice(2);
const from = createRequire(`${modules}/`);
const load = (name) => import(pathToFileURL(from.resolve(name)).href);
const { Provider, errors } = await load("oidc-provider");
const jose = await load("jose");

const pair = () => jose.generateKeyPair("RS256", { extractable: true });
const mine = await pair();
const foreign = await pair();
const jwk = { ...(await jose.exportJWK(mine.privateKey)), kid: "mine", use: "sig", alg: "RS256" };
const people = {};
let mode = "honest";

const LIES = {
  tampered: (token) => {
    const [head, body, signature] = token.split(".");
    const claims = JSON.parse(Buffer.from(body, "base64url"));
    return [head, Buffer.from(JSON.stringify({ ...claims, sub: "grace" })).toString("base64url"), signature].join(".");
  },
  foreign: (token) => signed(token, {}, foreign.privateKey),
  audience: (token) => signed(token, { aud: "another-client" }),
  issuer: (token) => signed(token, { iss: "https://evil.example" }),
  expired: (token) => signed(token, { exp: 1_000_000_000 }),
  nonce: (token) => signed(token, { nonce: "of another sign-in" }),
  unsigned: (token) => new jose.UnsecuredJWT(jose.decodeJwt(token)).encode(),
};

function signed(token, changed, key = mine.privateKey) {
  return new jose.SignJWT({ ...jose.decodeJwt(token), ...changed }).setProtectedHeader({ alg: "RS256", kid: "mine" }).sign(key);
}

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id, client_secret, redirect_uris: [redirect], post_logout_redirect_uris: [signedOut] }],
  jwks: { keys: [jwk] },
  cookies: { keys: ["of the tests"] },
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "preferred_username", "groups"] },
  pkce: { required: () => true },
  features: { rpInitiatedLogout: { enabled: true } },
  findAccount: (_, name) => name in people && { accountId: name, claims: () => ({ sub: name, ...people[name] }) },
  async loadExistingGrant(ctx) {
    if (!people[ctx.oidc.session.accountId]) throw new errors.AccessDenied("switched off");
    const grant = new ctx.oidc.provider.Grant({ clientId: client_id, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope("openid email profile");
    await grant.save();
    return grant;
  },
});

provider.use(async (ctx, next) => {
  if (ctx.path.startsWith("/-/")) {
    const parts = [];
    for await (const part of ctx.req) parts.push(part);
    const sent = JSON.parse(Buffer.concat(parts));
    if (ctx.path === "/-/people") Object.assign(people, sent);
    else mode = sent;
    ctx.body = "ok";
    return;
  }
  await next();
  if (ctx.path === "/token" && LIES[mode] && ctx.body?.id_token) ctx.body.id_token = await LIES[mode](ctx.body.id_token);
});
provider.listen(Number(port), "127.0.0.1");
