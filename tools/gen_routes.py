#!/usr/bin/env python3
"""Makes everything that follows from api/routes.json and api/schemas.json, so that it cannot drift apart:
the C route table, the OpenAPI description in both languages, and the console's typed client.

usage: gen_routes.py ROUTES SCHEMAS VERSION OUT.h OUT.c OUT.zh.json OUT.en.json OUT.ts

Types of a parameter: text (min and max count characters), int, bool, choice, name (a resource's or item's
name), time (a day or an instant).  `multiple` may be given more than once; `secret` is masked in the log.
`acts` is the scope (share/tbl/delegate_scopes.h) in which a person may use it for an enterprise.  `body_max` is in bytes, or "max_upload" for the setting of that name.  Routes are written literals first, so that the first that
fits a path is the right one.  A mistake in the tables stops the build with the route's id.
"""
import json
import pathlib
import re
import sys

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
TYPES = {"text": "TEXT", "int": "INT", "bool": "BOOL", "choice": "CHOICE", "name": "NAME", "time": "TIME"}
PLACES = {"path": "PATH", "query": "QUERY"}
SIGNS = ["client", "gate", "grants", "export", "always"]
ROUTE_KEYS = {"method", "path", "handler", "begin", "since", "perm", "scope", "signs", "look", "acts", "tag", "summary", "params", "replies", "body", "body_max"}
PARAM_KEYS = {"name", "in", "type", "min", "max", "default", "choices", "required", "multiple", "secret", "title"}
NAME_PATTERN = "^[a-z][a-z0-9_]{0,47}$"
NOTICE = "made by tools/gen_routes.py from api/; change those"


class Mistake(Exception):
    pass


def load(routes_path, schemas_path):
    with open(routes_path, encoding="utf-8") as file:
        table = json.load(file)
    with open(schemas_path, encoding="utf-8") as file:
        schemas = json.load(file)
    shared, routes = table["params"], table["routes"]
    for rid, route in routes.items():
        route["params"] = [shared[p] if isinstance(p, str) else p for p in route.get("params", [])]
        try:
            check_route(route, schemas)
        except (Mistake, KeyError) as mistake:
            sys.exit(f"{routes_path}: {rid}: {mistake}")
    in_order = sorted(routes.items(), key=lambda r: r[1]["path"].replace("{", "\x7f"))
    return dict(in_order), schemas


def check_route(route, schemas):
    unknown = set(route) - ROUTE_KEYS
    if unknown:
        raise Mistake(f"unknown key {sorted(unknown)}")
    if route["method"] not in METHODS:
        raise Mistake(f"method {route['method']} is none of {METHODS}")
    if route.get("signs", "client") not in SIGNS:
        raise Mistake(f"signs {route['signs']} is none of {SIGNS}")
    in_path = re.findall(r"\{([a-z_]+)\}", route["path"])
    declared = [p["name"] for p in route["params"] if p["in"] == "path"]
    if in_path != declared:
        raise Mistake(f"path has {in_path}, params say {declared} (same names, same order)")
    for param in route["params"]:
        check_param(param)
    for ref in json_refs(route):
        if ref not in schemas:
            raise Mistake(f"no schema {ref} in schemas.json")


def check_param(param):
    unknown = set(param) - PARAM_KEYS
    if unknown:
        raise Mistake(f"{param['name']}: unknown key {sorted(unknown)}")
    if param["type"] not in TYPES or param["in"] not in PLACES:
        raise Mistake(f"{param['name']}: type or place is not known")
    if (param["type"] == "choice") != ("choices" in param):
        raise Mistake(f"{param['name']}: choices belong to type choice")
    if param["type"] in ("text", "int") and not ("min" in param and "max" in param):
        raise Mistake(f"{param['name']}: min and max are missing")
    if not (param["title"].get("zh") and param["title"].get("en")):
        raise Mistake(f"{param['name']}: title in zh and en")


def json_refs(route):
    for reply in [*route["replies"].values(), route.get("body")]:
        if isinstance(reply, str):
            yield reply


# ---- C ----

def c_str(value):
    if value is None:
        return "NULL"
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def c_ident(rid):
    return re.sub(r"\W", "_", rid)


def c_header(routes):
    out = [f"/* {NOTICE} */", "#ifndef LL_HTTP_ROUTES_GEN_H", "#define LL_HTTP_ROUTES_GEN_H", '#include "http/route.h"', ""]
    out += ["/* Where a handler finds its parameters: ll_arg(rq, LL_P_<route>_<name>). */"]
    for rid, route in routes.items():
        for at, param in enumerate(route["params"]):
            out.append(f"#define LL_P_{c_ident(rid).upper()}_{param['name'].upper()} {at}")
    out += ["", f"#define LL_ROUTE_COUNT {len(routes)}", ""]
    for handler in sorted({r["handler"] for r in routes.values()}):
        out.append(f"int ll_h_{handler}(struct ll_app *app, struct ll_request *rq, struct ll_err *err);")
    for begin in sorted({r["begin"] for r in routes.values() if "begin" in r}):
        out.append(f"int ll_h_{begin}(struct ll_app *app, struct ll_request *rq, struct ll_err *err);")
    return "\n".join([*out, "", "#endif", ""])


def c_param(param):
    kind = param["type"]
    low, high = param.get("min", 0), param.get("max", 0)
    choices = f"c_{c_ident('_'.join(param['choices']))}" if kind == "choice" else "NULL"
    flags = [str(bool(param.get(k))).lower() for k in ("required", "multiple", "secret")]
    if param["in"] == "path":
        flags[0] = "true"
    default = param.get("default")
    if isinstance(default, bool):
        default = str(default).lower()
    return (f"    {{{c_str(param['name'])}, LL_IN_{PLACES[param['in']]}, LL_PT_{TYPES[kind]}, {low}, {high}, "
            f"{c_str(default)}, {choices}, {', '.join(flags)}}},")


def body_max(route):
    limit = route.get("body_max", 0)
    return "LL_BODY_SETTING" if limit == "max_upload" else f"{limit}LL"


def c_acts(route):
    return "1 + LL_DELEGATE_AT_" + route["acts"].upper() if "acts" in route else "0"


def c_source(routes):
    out = [f"/* {NOTICE} */", '#include "routes.gen.h"', "", '#include "share/delegate.h"', "", "#include <stddef.h>", ""]
    lists = {tuple(p["choices"]) for r in routes.values() for p in r["params"] if p["type"] == "choice"}
    for values in sorted(lists):
        name = c_ident("_".join(values))
        out.append(f"static const char *const c_{name}[] = {{{', '.join(c_str(v) for v in values)}, NULL}};")
    for rid, route in routes.items():
        if route["params"]:
            out += [f"static const struct ll_param p_{c_ident(rid)}[] = {{", *map(c_param, route["params"]), "};"]
    out += ["", "const struct ll_route ll_routes[] = {"]
    for rid, route in routes.items():
        params = f"p_{c_ident(rid)}" if route["params"] else "NULL"
        begin = f"ll_h_{route['begin']}" if "begin" in route else "NULL"
        out.append(f"    {{{c_str(rid)}, LL_{route['method']}, {c_str(route['path'])}, ll_h_{route['handler']}, {begin}, "
                   f"{body_max(route)}, {str(route['tag'] == 'page').lower()}, {c_str(route['perm'])}, LL_SCOPE_{route.get('scope', 'none').upper()}, "
                   f"LL_SIGNS_{route.get('signs', 'client').upper()}, {str(route.get('look', False)).lower()}, {c_acts(route)}, {params}, {len(route['params'])}}},")
    out += ["};", "const size_t ll_route_count = sizeof(ll_routes) / sizeof(ll_routes[0]);", ""]
    return "\n".join(out)


# ---- OpenAPI ----

def param_schema(param):
    kind = param["type"]
    schema = {
        "text": lambda: {"type": "string", "minLength": param["min"], "maxLength": param["max"]},
        "int": lambda: {"type": "integer", "minimum": param["min"], "maximum": param["max"]},
        "bool": lambda: {"type": "boolean"},
        "choice": lambda: {"type": "string", "enum": param["choices"]},
        "name": lambda: {"type": "string", "pattern": NAME_PATTERN},
        "time": lambda: {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{3})?Z)?$"},
    }[kind]()
    if "default" in param:
        schema["default"] = param["default"]
    return {"type": "array", "items": schema} if param.get("multiple") else schema


def content(reply):
    if isinstance(reply, str):
        return {"application/json": {"schema": {"$ref": f"#/components/schemas/{reply}"}}}
    return {kind: {} for kind in ([reply["type"]] if isinstance(reply["type"], str) else reply["type"])}


STATUS = {
    "200": ("成功", "done"), "201": ("已建立", "made"), "202": ("已受理", "accepted"), "304": ("未变", "not modified"),
    "400": ("请求格式不对", "the request is not of the form it takes"), "401": ("没有登录", "not signed in"), "403": ("无权", "not permitted"), "404": ("没有此对象", "no such object"),
    "409": ("与当前状态冲突", "in conflict with the current state"), "413": ("超过大小限制", "over the size limit"),
    "422": ("不符合规则", "breaks a rule"), "429": ("过于频繁", "too often"), "503": ("暂时不能受理", "cannot be served now"),
}


def operation(rid, route, lang):
    at = ("zh", "en").index(lang)
    op = {"operationId": rid, "summary": route["summary"][lang], "tags": [route["tag"]], "x-permission": route["perm"],
          "x-since": route["since"]}
    if route["params"]:
        op["parameters"] = [
            {"name": p["name"], "in": p["in"], "required": p["in"] == "path" or bool(p.get("required")),
             "description": p["title"][lang], "schema": param_schema(p)} for p in route["params"]]
    if "acts" in route:
        op.setdefault("parameters", []).append(
            {"name": "Luling-Acts-For", "in": "header", "required": False, "schema": {"type": "string", "maxLength": 31},
             "description": ("受企业委托办理时：委托的编号", "for an enterprise that delegates: number of the delegation")[at]})
    if "body" in route:
        op["requestBody"] = {"required": True, "content": content(route["body"])}
    replies = {**route["replies"], "default": "Error"}
    op["responses"] = {status: {"description": STATUS.get(status, ("错误", "error"))[at], "content": content(reply)}
                       for status, reply in replies.items()}
    return op


def openapi(routes, schemas, version, lang):
    title = {"zh": "庐陵数据共享接口", "en": "Luling data sharing API"}[lang]
    paths = {}
    for rid, route in routes.items():
        paths.setdefault(route["path"], {})[route["method"].lower()] = operation(rid, route, lang)
    doc = {"openapi": "3.1.0", "info": {"title": title, "version": version, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
           "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
           "servers": [{"url": "/"}], "paths": paths, "components": {"schemas": schemas}}
    return json.dumps(doc, ensure_ascii=False, separators=(",", ":"))


# ---- TypeScript ----

def ts_type(schema):
    if schema is True or not schema:
        return "unknown"
    if "$ref" in schema:
        return schema["$ref"].rsplit("/", 1)[1]
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(json.dumps(v, ensure_ascii=False) for v in schema["enum"])
    for key in ("oneOf", "anyOf"):
        if key in schema:
            return " | ".join(ts_type(s) for s in schema[key])
    kinds = schema.get("type", "object")
    return " | ".join(ts_kind(kind, schema) for kind in ([kinds] if isinstance(kinds, str) else kinds))


def ts_kind(kind, schema):
    if kind == "array":
        return f"Array<{ts_type(schema.get('items', True))}>"
    if kind == "object":
        fields = schema.get("properties")
        if fields is None:
            return f"{{ [name: string]: {ts_type(schema.get('additionalProperties', True))} }}"
        required = schema.get("required", [])
        return "{ " + "; ".join(f"{n}{'' if n in required else '?'}: {ts_type(s)}" for n, s in fields.items()) + " }"
    return {"integer": "number", "number": "number", "string": "string", "boolean": "boolean", "null": "null"}[kind]


def ts_param(param):
    kind = {"int": "number", "bool": "boolean"}.get(param["type"], "string")
    if param["type"] == "choice":
        kind = " | ".join(json.dumps(c) for c in param["choices"])
    if param.get("multiple"):
        kind = f"Array<{kind}>"
    needed = param["in"] == "path" or param.get("required")
    return f"{param['name']}{'' if needed else '?'}: {kind}"


def ts_function(rid, route):
    ok = next(s for s in route["replies"] if s.startswith("2"))
    reply = route["replies"][ok]
    name = re.sub(r"[._](\w)", lambda m: m[1].upper(), rid)
    fields = "; ".join(ts_param(p) for p in route["params"])
    optional = all(p["in"] != "path" and not p.get("required") for p in route["params"])
    args = [f"p: {{ {fields} }}{' = {}' if optional else ''}"] if route["params"] else []
    path = re.sub(r"\{(\w+)\}", r"${encodeURIComponent(p.\1)}", route["path"])
    query = [p["name"] for p in route["params"] if p["in"] == "query"]
    url = f"`{path}`" + (" + query({ " + ", ".join(f"{q}: p.{q}" for q in query) + " })" if query else "")
    lines = [f"/** {route['summary']['en']} */"]
    lines.append(f"export const {name}Url = ({', '.join(args)}): string => {url};")
    if (isinstance(reply, str) or ok == "204") and "begin" not in route and (isinstance(route.get("body"), str) or "body" not in route):
        call, kind, sent = f"{name}Url({'p' if args else ''})", reply if ok != "204" else "void", ""
        if "body" in route:
            args, sent = [*args, f"body: {route['body']}"], ", body"
        lines.append(f"export const {name} = ({', '.join(args)}): Promise<{kind}> => "
                     f"send<{kind}>({json.dumps(route['method'])}, {call}{sent});")
        if route["method"] == "GET":
            key = f"[{json.dumps(rid)}{', p' if args else ''}]"
            lines.append(f"export const {name}Query = ({', '.join(args)}) => asked({key}, () => {name}({'p' if args else ''}));")
    return "\n".join(lines)


def typescript(routes, schemas):
    types = [f"export type {name} = {ts_type(schema)};" for name, schema in schemas.items()]
    calls = [ts_function(rid, route) for rid, route in routes.items() if route["tag"] != "page"]
    return "\n".join([f"// {NOTICE}", 'import { asked, send, query } from "#send";', "", *types, "", *calls, ""])


def main():
    routes_path, schemas_path, version, *outs = sys.argv[1:]
    routes, schemas = load(routes_path, schemas_path)
    texts = [c_header(routes), c_source(routes), openapi(routes, schemas, version, "zh"), openapi(routes, schemas, version, "en"),
             typescript(routes, schemas)]
    for path, text in zip(outs, texts, strict=True):
        write_changed(pathlib.Path(path), text)


def write_changed(path, text):
    """What did not change keeps its time: the console, for one, is not built anew for a change of the C table alone."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


main()
