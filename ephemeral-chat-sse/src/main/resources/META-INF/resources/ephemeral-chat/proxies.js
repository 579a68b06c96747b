const itself = Symbol("itself");

/**
 * Frameworks hand out proxies of objects, on which private fields are not found. An object that was given to this says
 * which one it is, also through a proxy: by a function, which no framework wraps.
 */
export function throughProxies(object) {
  Object.defineProperty(object, itself, { value: () => object, configurable: true });
}

/** Lets all members of a class find the object itself. */
throughProxies.on = (type) => {
  for (const [name, member] of Object.entries(Object.getOwnPropertyDescriptors(type.prototype))) {
    if (name === "constructor") continue;
    for (const kind of ["value", "get"]) {
      const own = member[kind];
      if (typeof own === "function") member[kind] = forObject(own);
    }
    Object.defineProperty(type.prototype, name, member);
  }
};

function forObject(own) {
  return function (...given) {
    return own.apply(this?.[itself]?.() ?? this, given);
  };
}
