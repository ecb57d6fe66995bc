/** Anything startable: a stand-in, an app's host, the whole cloud. */
export type StandIn = {
  /** Where clients reach it. */
  url: string
  /** Forgets all state, as if newly created. */
  reset(): Promise<void>
  /** Stops listening and releases files; state on disk stays. */
  close(): Promise<void>
}

/** Key and certificate in PEM for stand-ins that must speak TLS, signed by the local authority. */
export type Tls = { key: string; cert: string }
