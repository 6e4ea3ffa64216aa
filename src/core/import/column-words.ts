/**
 * What files call our fields. Names stand here as `bareWord` leaves them. A *sure* name means its field wherever it stands;
 * a *loose* one only when no other column of the file does, because elsewhere it often means something else.
 */
import { IMPORT_KINDS, type ImportKind, type ImportRows } from './row.ts';

export type FieldOf<K extends ImportKind> = keyof ImportRows[K] & string;

/** One thing that a column's name can mean. */
export interface Meaning {
  readonly kind: ImportKind;
  readonly field: string;
  readonly sure: boolean;
}

interface Names {
  readonly sure: string;
  readonly loose?: string;
}

const ORDER =
  'order ordernumber orderno ordernum ordernr orderid ordercode orderref orderreference ordername so sono sonumber soid ' +
  'salesorder salesordernumber salesorderno salesordernum salesorderid';
const ITEM =
  'item sku itemsku itemcode itemno itemnumber itemid product productsku productcode productno productnumber productid ' +
  'part partno partnumber partnum article articleno articlenumber articlecode material materialno materialnumber stockcode';

const COLUMN_NAMES: { readonly [K in ImportKind]: { readonly [F in FieldOf<K>]-?: Names } } = {
  items: {
    sku: { sure: ITEM, loose: 'number code' },
    name: {
      sure: 'name itemname productname partname articlename',
      loose: 'description itemdescription productdescription title',
    },
    unit: { sure: 'unit uom unitofmeasure baseunit baseuom stockunit unitcode' },
    tracking: { sure: 'tracking trackingtype trackingmode trackingmethod trackedby' },
  },
  labels: {
    number: {
      sure:
        'label labelnumber labelno labelnum labelid serial serialnumber serialno serialnum serialid sn lpn lpnnumber lpnno ' +
        'licenseplate licenseplatenumber licenceplate pallet palletnumber palletno palletid handlingunit',
      loose: 'number',
    },
    item: { sure: ITEM },
    code: { sure: 'code barcode barcodenumber scancode scan ean epc rfid rfidtag qrcode sscc' },
    quantity: {
      sure: 'quantity qty onhand quantityonhand qtyonhand onhandquantity onhandqty stockquantity labelquantity labelqty',
    },
    location: {
      sure: 'location locationname locationcode warehouse warehousename warehousecode facility site',
    },
    bin: { sure: 'bin bincode binnumber binno binname binlocation shelf slot' },
    lot: { sure: 'lot lotnumber lotno lotcode lotid batch batchnumber batchno batchcode batchid' },
    expiry: {
      sure:
        'expiry expirydate expires expiresat expireson expiration expirationdate expdate bestbefore bestbeforedate ' +
        'bbd useby usebydate',
    },
    created: {
      sure:
        'created createdat createdon createddate creationdate datecreated received receivedat receivedon receiveddate ' +
        'datereceived receiptdate',
    },
  },
  orders: {
    number: { sure: ORDER, loose: 'number' },
    customer: {
      sure: 'customer customername customercode customernumber customerno customerid client clientname clientid buyer soldto',
      loose: 'account accountname company companyname',
    },
    ordered: {
      sure: 'ordered orderedat orderedon ordereddate orderdate dateordered placedat placedon',
      loose: 'date created createdat createdon createddate datecreated creationdate',
    },
    due: {
      sure:
        'due duedate dueat dueon datedue orderdue orderduedate requested requesteddate requestdate requestedat requestedshipdate ' +
        'requesteddeliverydate required requireddate requiredby deliverydate deliverby shipby shipbydate needby needbydate ' +
        'promiseddate promisedate commitmentdate',
    },
    status: { sure: 'status orderstatus state orderstate sostatus fulfillmentstatus fulfilmentstatus' },
  },
  lines: {
    order: { sure: ORDER },
    line: {
      sure: 'line linenumber lineno linenum linenr orderline orderlinenumber orderlineno pos position posno lineposition',
    },
    item: { sure: ITEM },
    ordered: {
      sure: 'ordered quantity qty orderedquantity orderedqty quantityordered qtyordered orderquantity orderqty linequantity lineqty',
    },
    shipped: {
      sure:
        'shipped shippedquantity shippedqty quantityshipped qtyshipped fulfilled fulfilledquantity fulfilledqty ' +
        'quantityfulfilled qtyfulfilled delivered deliveredquantity deliveredqty quantitydelivered qtydelivered',
    },
  },
};

const MEANINGS = meaningsByName();

/** All that a name can mean, at most one field of each kind; empty when it means nothing here. */
export function meaningsOf(bareName: string): readonly Meaning[] {
  return MEANINGS.get(bareName) ?? [];
}

function meaningsByName(): ReadonlyMap<string, readonly Meaning[]> {
  const map = new Map<string, Meaning[]>();
  const add = (name: string, meaning: Meaning): void => {
    const known = map.get(name);
    if (known === undefined) map.set(name, [meaning]);
    else if (known.some((other) => other.kind === meaning.kind))
      throw new Error(`${meaning.kind}: "${name}" means two fields`);
    else known.push(meaning);
  };
  for (const kind of IMPORT_KINDS) {
    for (const [field, names] of Object.entries<Names>(COLUMN_NAMES[kind])) {
      for (const name of names.sure.split(' ')) add(name, { kind, field, sure: true });
      for (const name of names.loose?.split(' ') ?? []) add(name, { kind, field, sure: false });
    }
  }
  return map;
}
