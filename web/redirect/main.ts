import { broadcastResponseToMainFrame } from '@azure/msal-browser/redirect-bridge'

// A hidden frame of the officials' page ends here: it hands over what the authority answered. Whoever opens this page
// by hand has nothing to hand over.
broadcastResponseToMainFrame().catch((error: unknown) => console.warn(error))
