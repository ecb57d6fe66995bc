import { ManagedIdentityCredential } from '@azure/identity'
import { optionalSetting } from './settings.ts'

const clientId = optionalSetting('AZURE_CLIENT_ID')

/** The app's own identity: every service is reached as this app and with nothing else. */
export const credential = clientId
  ? new ManagedIdentityCredential({ clientId })
  : new ManagedIdentityCredential()
