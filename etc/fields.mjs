// Compares the declarations of the browser client with the HTTP contract: members, whether they may be absent, and their types.
import { readFileSync } from "node:fs";
import ts from "typescript";
import { parse } from "yaml";

const [declarations, contract] = process.argv.slice(2);

// What one side alone has: everywhere, or in one place.
const everywhere = { module: ["mixedUp"], contract: ["profile"] };
const differences = {
  NewRoom: { module: ["passcode", "signal"], contract: ["token"] },
  NewParticipant: { module: ["passcode", "key", "signal"], contract: ["token"] },
  NewMessage: { module: ["signal"], contract: ["text"] }, // the text is an argument of its own
  NewEntry: { module: ["signal"], contract: ["kind", "body"] },
  Admission: { module: ["passcode"] },
  Message: { contract: ["notice"] }, // the event's type says it
  "Joined.participant": { contract: ["role"] }, // the participants say it
  "Cue.sender": { module: ["name"] }, // the participants say it
  RoomWithParticipants: { contract: ["id", "me", "lastSequence", "now"] }, // Room.code; Room.me is the participant
  Events: {
    module: ["typing", "participants", "renewed", "unreadable", "connection", "delayed", "tick", "end"],
    contract: ["ready", "replaced", "destroyed"],
  },
};

const schemas = parse(readFileSync(contract, "utf8")).components;
const program = ts.createProgram([declarations], { strict: true, lib: ["lib.es2022.d.ts", "lib.dom.d.ts"] });
const checker = program.getTypeChecker();
const exported = new Map(
  checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(declarations))).map((each) => [each.name, each]),
);
const declared = (name) => checker.getDeclaredTypeOfSymbol(exported.get(name));
const typeOf = (symbol) => checker.getNonNullableType(checker.getTypeOfSymbol(symbol));
const parameter = (owner, method, index) =>
  typeOf(typeOf(declared(owner).getProperty(method)).getCallSignatures()[0].getParameters()[index]);

const problems = [];
const used = new Set();

function isKnown(path, side, name) {
  const known = (differences[path]?.[side] ?? []).includes(name);
  if (known) used.add(`${path} ${side} ${name}`);
  return known || everywhere[side].includes(name);
}

function resolve(schema) {
  return schema.$ref ? resolve(schema.$ref.split("/").slice(2).reduce((at, key) => at[key], schemas)) : schema;
}

/** The kind of value that a schema allows, as TypeScript calls it. */
function kindOfSchema(schema) {
  const { type, format, items, properties, anyOf, oneOf, enum: values, ...rest } = resolve(schema);
  if (values) return values.map((each) => JSON.stringify(each)).sort().join(" | ");
  if ("const" in rest) return JSON.stringify(rest.const);
  if (type === "string") return format === "date-time" ? "Date" : "string";
  if (type === "integer") return "number";
  if (type === "array") return `${kindOfSchema(items)}[]`;
  if (type === "object") return properties ? "object" : "Record";
  const some = (anyOf ?? oneOf)?.map(kindOfSchema).filter((each) => each !== "null");
  return some?.includes("string") ? "string" : (type ?? JSON.stringify(schema));
}

function kindOfType(given) {
  const type = checker.getNonNullableType(given);
  if (checker.isArrayType(type)) return `${kindOfType(checker.getTypeArguments(type)[0])}[]`;
  if (type.isUnion() && type.types.every((each) => each.isStringLiteral())) {
    return type.types.map(({ value }) => JSON.stringify(value)).sort().join(" | ");
  }
  if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))) return checker.typeToString(type);
  return ["Date", "Record"].find((name) => [type.symbol?.name, type.aliasSymbol?.name].includes(name)) ?? "object";
}

/** @param lax whether the declarations may have more, and say null for what is absent */
function compare(path, type, schema, lax = false) {
  const { items, properties, required = [] } = resolve(schema);
  const [said, wanted] = [kindOfType(type), kindOfSchema(schema)];
  if (said !== wanted) return problems.push(`${path} is ${said} in the declarations and ${wanted} in the contract`);
  if (items) return compare(`${path}[]`, checker.getTypeArguments(type)[0], items);
  if (properties) members(path, type, properties, (name) => lax || !required.includes(name), lax);
}

function members(path, type, properties, mayBeAbsent, lax) {
  for (const symbol of lax ? [] : checker.getPropertiesOfType(type)) {
    if (!(symbol.name in properties) && !isKnown(path, "module", symbol.name)) {
      problems.push(`${path}.${symbol.name} is in the declarations alone`);
    }
  }
  for (const [name, schema] of Object.entries(properties)) {
    const symbol = checker.getPropertyOfType(type, name);
    if (isKnown(path, "contract", name)) continue;
    if (!symbol) {
      problems.push(`${path}.${name} is in the contract alone`);
      continue;
    }
    const optional = (symbol.flags & ts.SymbolFlags.Optional) !== 0;
    if (!lax && optional !== mayBeAbsent(name)) problems.push(`${path}.${name} may be absent on one side alone`);
    compare(`${path}.${name}`, typeOf(symbol), schema);
  }
}

const pairs = {
  NewRoom: declared("NewRoom"),
  NewParticipant: parameter("EphemeralChat", "join", 1),
  NewMessage: parameter("Room", "post", 1),
  NewEntry: parameter("Room", "postEntry", 2),
  Admission: parameter("Room", "admission", 0),
  Message: declared("Message"),
  Entry: declared("Entry"),
  PresentParticipant: declared("Participant"),
  Identity: declared("Sender"),
  Presence: declared("Presence"),
};
for (const [name, type] of Object.entries(pairs)) compare(name, type, schemas.schemas[name]);
compare("RoomWithParticipants", declared("Room"), schemas.schemas.RoomWithParticipants, true);

const told = declared("RoomEventMap");
const events = resolve({ $ref: "#/components/responses/Events" }).content["text/event-stream"]["x-events"];
const nameOf = (event) => (event === "x-..." ? "entry" : event);
for (const { name } of checker.getPropertiesOfType(told)) {
  if (!Object.keys(events).map(nameOf).includes(name) && !isKnown("Events", "module", name)) problems.push(`the event ${name} is in the declarations alone`);
}
for (const [event, schema] of Object.entries(events)) {
  if (isKnown("Events", "contract", event)) continue;
  const symbol = checker.getPropertyOfType(told, nameOf(event));
  if (symbol) compare(schema.$ref.split("/").pop(), checker.getTypeArguments(typeOf(symbol))[0], schema);
  else problems.push(`the event ${event} is in the contract alone`);
}

for (const [path, sides] of Object.entries(differences)) {
  for (const [side, names] of Object.entries(sides)) {
    for (const name of names) if (!used.has(`${path} ${side} ${name}`)) problems.push(`${path}.${name} is no difference any more`);
  }
}
if (problems.length > 0) {
  console.error([...new Set(problems)].join("\n"));
  process.exit(1);
}
