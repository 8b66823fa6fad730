// A real SAML provider for the tests: `node saml_provider.mjs PORT MODULES DESKS_METADATA KEY CERTIFICATE FOREIGN_KEY`.
// POST /-/people with {name: {email, groups} | null} says who there is, POST /-/mode with "tampered" and the like how it lies.
import { createRequire } from "node:module";
import { createServer } from "node:http";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [port, modules, desksMetadata, key, certificate, foreignKey] = process.argv.slice(2);
const from = createRequire(`${modules}/`);
const saml = (await import(pathToFileURL(from.resolve("samlify")).href)).default;
saml.setSchemaValidator({ validate: async () => "not looked at" });

const here = `http://127.0.0.1:${port}`;
const redirect = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
const provider = (privateKey) => saml.IdentityProvider({
  entityID: `${here}/metadata`,
  privateKey: readFileSync(privateKey),
  signingCert: readFileSync(certificate),
  nameIDFormat: ["urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"],
  singleSignOnService: [{ Binding: redirect, Location: `${here}/sso` }],
  singleLogoutService: [{ Binding: redirect, Location: `${here}/slo` }],
  loginResponseTemplate: { context: "<Response/>", attributes: [] },
});
const mine = provider(key);
const foreign = provider(foreignKey);
const people = {};
let mode = "honest";

const time = (minutes) => new Date(Date.now() + minutes * 60_000).toISOString();
const attribute = (name, values) => `<saml:Attribute Name="${name}">${values.map((value) =>
  `<saml:AttributeValue>${value}</saml:AttributeValue>`).join("")}</saml:Attribute>`;

function answer(desk, asked, name) {
  const audience = mode === "audience" ? "https://another.example" : desk.entityMeta.getEntityID();
  const acs = desk.entityMeta.getAssertionConsumerService("post");
  const until = time(mode === "expired" ? -60 : 5);
  const to = mode === "unasked" ? "" : ` InResponseTo="${asked}"`;
  const { email, groups = [], format = "persistent" } = people[name];
  const issuer = `<saml:Issuer>${here}/metadata</saml:Issuer>`;
  return `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_${randomUUID()}" Version="2.0" IssueInstant="${time(0)}" Destination="${acs}"${to}>${issuer}<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status><saml:Assertion ID="_${randomUUID()}" Version="2.0" IssueInstant="${time(0)}">${issuer}<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:${format}">${name}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="${until}" Recipient="${acs}"${to}/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${time(-120)}" NotOnOrAfter="${until}"><saml:AudienceRestriction><saml:Audience>${audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="${time(0)}" SessionIndex="_s1"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>${attribute("email", [email])}${attribute("uid", [name])}${groups.length ? attribute("groups", groups) : ""}</saml:AttributeStatement></saml:Assertion></samlp:Response>`;
}

const LIES = {
  tampered: (xml) => xml.replace(">ada</saml:NameID>", ">grace</saml:NameID>"),
  unsigned: (xml) => xml.replace(/<ds:Signature.*?<\/ds:Signature>/s, ""),
};

let desk;
async function respond(request) {
  const url = new URL(request.url, here);
  const parts = [];
  for await (const part of request) parts.push(part);
  const sent = Buffer.concat(parts).toString();
  const query = Object.fromEntries(url.searchParams);
  if (url.pathname === "/-/people") Object.assign(people, JSON.parse(sent));
  else if (url.pathname === "/-/mode") mode = JSON.parse(sent);
  if (url.pathname.startsWith("/-/")) return [200, "ok"];
  if (url.pathname === "/metadata") return [200, mine.getMetadata(), "application/xml"];
  desk ??= saml.ServiceProvider({ metadata: await (await fetch(desksMetadata)).text() });
  if (url.pathname === "/slo") {
    const { extract } = await mine.parseLogoutRequest(desk, "redirect", { query });
    return [302, mine.createLogoutResponse(desk, { extract }, "redirect", query.RelayState).context];
  }
  const { extract } = await mine.parseLoginRequest(desk, "redirect", { query });
  if (!query.person) {
    const hidden = Object.entries(query).map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`).join("");
    return [200, `<form action="/sso">${hidden}<label>Person <input name="person"></label><button>Sign in</button></form>`];
  }
  if (!people[query.person]) return [403, "switched off"];
  const xml = answer(desk, extract.request.id, query.person);
  const by = mode === "foreign" ? foreign : mine;
  const { context, entityEndpoint } = await by.createLoginResponse(desk, { extract }, "post", {}, () => ({ id: "_1", context: xml }));
  const told = Buffer.from((LIES[mode] ?? ((it) => it))(Buffer.from(context, "base64").toString())).toString("base64");
  return [200, `<form method="post" action="${entityEndpoint}"><input type="hidden" name="SAMLResponse" value="${told}"><button>Continue</button></form>`];
}

createServer(async (request, response) => {
  try {
    const [status, body, type = "text/html"] = await respond(request);
    response.writeHead(status, status === 302 ? { Location: body } : { "Content-Type": type });
    response.end(body);
  } catch (error) {
    console.error(error);
    response.writeHead(500).end(String(error));
  }
}).listen(Number(port), "127.0.0.1");
