/** What is used of WebAssembly, whose types Node leaves to those of browsers. */
interface WebAssemblyApi {
  validate(bytes: Uint8Array): boolean;
  readonly Module: {
    new (bytes: Uint8Array): CompiledModule;
    exports(module: CompiledModule): readonly { readonly name: string; readonly kind: string }[];
  };
}

/** Opaque. */
type CompiledModule = object;

export const webAssembly = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;
